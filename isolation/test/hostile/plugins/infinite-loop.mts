import { hostile } from './hostile.mts';
export default hostile(() => {
  for (;;);
});
