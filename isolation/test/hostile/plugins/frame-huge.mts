import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 7, length: 0xffff_ffff }));
  return forever();
});
