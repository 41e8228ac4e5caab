import v8 from 'node:v8';
import { hostile } from './hostile.mts';
export default hostile(() => {
  v8.setFlagsFromString('--allow-natives-syntax');
  return String(new Function('return %GetOptimizationStatus(() => {})')());
});
