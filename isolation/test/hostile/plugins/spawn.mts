import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostile } from './hostile.mts';
export default hostile(async () => {
  const child = spawn('id');
  const [code] = await once(child, 'exit');
  return code;
});
