import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => {
  // The call that runs this is number 3, after start and create.
  for (let i = 0; i < 2; i += 1) forge(frame({ kind: 2, id: 3, payload: Buffer.of(1) }));
  return forever();
});
