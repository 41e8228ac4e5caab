import { hostile } from './hostile.mts';
export default hostile(() => process.setuid?.(65_534));
