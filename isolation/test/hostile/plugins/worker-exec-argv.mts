import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { hostile } from './hostile.mts';
export default hostile(async () => {
  const worker = new Worker("require('fs').readFileSync('/etc/passwd')", {
    eval: true,
    execArgv: ['--no-permission'],
    env: { NODE_OPTIONS: '' },
  });
  return (await once(worker, 'exit'))[0];
});
