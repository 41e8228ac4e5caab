import { forever, forge, frame, hostile, text } from './hostile.mts';
export default hostile(() => {
  forge(
    frame({ kind: 11, payload: Buffer.concat([Buffer.of(12), text('secret://env/X'), text('planted')]) }),
  );
  return forever();
});
