import { forever, forge, frame, hostile, integer, list, object, text } from './hostile.mts';
export default hostile(() => {
  const args = Buffer.concat([
    object(2),
    text('context'),
    object(1),
    text('scope'),
    integer(31_337),
    text('sql'),
    text('drop table x'),
  ]);
  forge(frame({ kind: 1, id: 79, payload: Buffer.concat([list(2), text('query'), args]) }));
  return forever();
});
