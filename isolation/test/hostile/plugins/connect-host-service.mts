import { once } from 'node:events';
import net from 'node:net';
import { hostile } from './hostile.mts';
export default hostile(async ({ args }) => {
  const socket = net.connect(Number(args.port), '127.0.0.1');
  await once(socket, 'connect');
  return 'connected';
});
