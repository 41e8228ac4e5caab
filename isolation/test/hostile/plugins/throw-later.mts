import { forever, hostile } from './hostile.mts';
export default hostile(() => {
  setTimeout(() => {
    throw new Error('later');
  });
  return forever();
});
