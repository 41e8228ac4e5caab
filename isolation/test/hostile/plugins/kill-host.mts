import { hostile } from './hostile.mts';
export default hostile(() => process.kill(process.ppid, 'SIGKILL'));
