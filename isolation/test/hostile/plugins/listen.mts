import { once } from 'node:events';
import net from 'node:net';
import { hostile } from './hostile.mts';
export default hostile(async () => {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  return 'listening';
});
