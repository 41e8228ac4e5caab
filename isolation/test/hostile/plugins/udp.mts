import dgram from 'node:dgram';
import { once } from 'node:events';
import { hostile } from './hostile.mts';
export default hostile(async () => {
  const socket = dgram.createSocket('udp4');
  socket.send('secret', 53, '127.0.0.1');
  await once(socket, 'listening');
  return 'sent';
});
