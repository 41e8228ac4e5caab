import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 7, id: 12, payload: Buffer.alloc(1_000) }));
  return forever();
});
