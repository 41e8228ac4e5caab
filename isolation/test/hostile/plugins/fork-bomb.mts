import { fork } from 'node:child_process';
import { hostile } from './hostile.mts';
export default hostile(() => {
  for (;;) fork(import.meta.filename);
});
