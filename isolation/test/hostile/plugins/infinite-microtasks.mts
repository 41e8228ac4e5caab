import { hostile } from './hostile.mts';
export default hostile(async () => {
  for (;;) await null;
});
