import { once } from 'node:events';
import net from 'node:net';
import { hostile } from './hostile.mts';
export default hostile(async () => {
  const socket = net.connect('/var/run/docker.sock');
  await once(socket, 'connect');
  return 'connected';
});
