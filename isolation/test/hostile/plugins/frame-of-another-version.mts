import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 11, version: 9 }));
  return forever();
});
