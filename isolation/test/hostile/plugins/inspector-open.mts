import inspector from 'node:inspector';
import { hostile } from './hostile.mts';
export default hostile(() => inspector.open(0, '127.0.0.1'));
