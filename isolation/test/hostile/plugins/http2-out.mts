import { once } from 'node:events';
import http2 from 'node:http2';
import { hostile } from './hostile.mts';

export default hostile(async () => {
  await once(http2.connect('https://evil.example'), 'connect');
  return 'connected';
});
