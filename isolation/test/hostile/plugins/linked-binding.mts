import { hostile } from './hostile.mts';
export default hostile(() => Object.keys(Reflect.get(process, '_linkedBinding')('fs')));
