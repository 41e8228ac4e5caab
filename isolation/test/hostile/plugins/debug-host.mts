import { hostile } from './hostile.mts';
export default hostile(() => Reflect.get(process, '_debugProcess')(process.ppid));
