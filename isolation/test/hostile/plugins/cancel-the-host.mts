import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 4, id: 1, payload: Buffer.of(1) }));
  return forever();
});
