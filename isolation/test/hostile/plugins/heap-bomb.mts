import { hostile } from './hostile.mts';
export default hostile(async () => {
  const all: object[] = [];
  for (;;) {
    for (let i = 0; i < 100_000; i += 1) all.push({ i });
    await new Promise((resolve) => setImmediate(resolve));
  }
});
