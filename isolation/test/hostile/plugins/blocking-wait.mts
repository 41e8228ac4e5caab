import { hostile } from './hostile.mts';
export default hostile(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
