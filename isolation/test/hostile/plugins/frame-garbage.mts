import { forever, forge, hostile } from './hostile.mts';
export default hostile(() => {
  forge(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  return forever();
});
