import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  forge(frame({ kind: 99 }));
  return forever();
});
