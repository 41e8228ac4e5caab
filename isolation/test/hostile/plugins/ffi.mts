import { hostile } from './hostile.mts';
export default hostile(async () => {
  const name = 'node:ffi';
  const ffi = await import(name);
  return Object.keys(ffi.dlopen('libc.so.6', {}));
});
