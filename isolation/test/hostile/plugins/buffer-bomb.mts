import { hostile } from './hostile.mts';
export default hostile(async () => {
  const all: Buffer[] = [];
  for (;;) {
    all.push(Buffer.alloc(20_000_000, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
});
