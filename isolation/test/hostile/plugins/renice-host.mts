import os from 'node:os';
import { hostile } from './hostile.mts';
export default hostile(() => os.setPriority(process.ppid, 19));
