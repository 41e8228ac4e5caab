import { forever, forge, frame, hostile, list } from './hostile.mts';
export default hostile(() => {
  // A list of four thousand million values in five bytes.
  forge(frame({ kind: 11, payload: list(0xffff_ffff) }));
  return forever();
});
