import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 2, id: 4_242, payload: Buffer.of(1) }));
  return forever();
});
