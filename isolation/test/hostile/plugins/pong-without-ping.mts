import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  for (let i = 0; i < 3; i += 1) forge(frame({ kind: 13 }));
  return forever();
});
