import { forge, frame, hostile, object, text } from './hostile.mts';
export default hostile(() => {
  const note = frame({ kind: 11, payload: Buffer.concat([object(1), text('type'), text('progress')]) });
  for (;;) forge(note);
});
