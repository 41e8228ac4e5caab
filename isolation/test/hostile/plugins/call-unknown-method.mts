import { forever, forge, frame, hostile, list, text } from './hostile.mts';
export default hostile(() => {
  forge(
    frame({
      kind: 1,
      id: 78,
      payload: Buffer.concat([list(2), text('constructor'), text('return process')]),
    }),
  );
  return forever();
});
