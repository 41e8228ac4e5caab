import { hostile } from './hostile.mts';
export default hostile(() => process.chdir('/'));
