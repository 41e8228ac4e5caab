import { hostile } from './hostile.mts';
export default hostile(() => process.exit(0));
