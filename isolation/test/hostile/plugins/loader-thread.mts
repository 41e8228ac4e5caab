import { register } from 'node:module';
import { hostile } from './hostile.mts';
export default hostile(() => register('data:text/javascript,export default 1'));
