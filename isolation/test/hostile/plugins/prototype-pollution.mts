import { forever, forge, frame, hostile, object, text } from './hostile.mts';
export default hostile(() => {
  const payload = Buffer.concat([object(1), text('__proto__'), object(1), text('polluted'), text('yes')]);
  forge(frame({ kind: 2, id: 3, payload }));
  return forever();
});
