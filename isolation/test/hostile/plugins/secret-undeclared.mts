import { forever, forge, frame, hostile, list, text } from './hostile.mts';
export default hostile(() => {
  forge(
    frame({
      kind: 1,
      id: 900,
      payload: Buffer.concat([list(2), text('secret'), text('secret://env/DATABASE_PASSWORD')]),
    }),
  );
  return forever();
});
