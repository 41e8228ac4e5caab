import { forever, forge, frame, hostile } from './hostile.mts';

export default hostile(() => {
  forge(frame({ kind: 2, id: 3, payload: Buffer.of(1) }), 4);
  return forever();
});
