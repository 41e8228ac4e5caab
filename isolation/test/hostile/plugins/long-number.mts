import { forever, forge, frame, hostile, text } from './hostile.mts';
export default hostile(() => {
  const digits = '9'.repeat(1_000_000);
  const payload = Buffer.concat([text(digits)]);
  payload[0] = 8;
  forge(frame({ kind: 11, payload }));
  return forever();
});
