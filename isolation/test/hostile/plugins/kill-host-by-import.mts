import { kill } from 'node:process';
import { hostile } from './hostile.mts';
export default hostile(() => kill(process.ppid, 'SIGTERM'));
