import inspector from 'node:inspector';
import { hostile } from './hostile.mts';
export default hostile(() => new inspector.Session().connect());
