import { forever, forge, frame, hostile, list } from './hostile.mts';
export default hostile(() => {
  const payload = Buffer.concat([...Array.from({ length: 5_000 }, () => list(1)), Buffer.of(1)]);
  forge(frame({ kind: 11, payload }));
  return forever();
});
