import { hostile } from './hostile.mts';
export default hostile(() => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'));
