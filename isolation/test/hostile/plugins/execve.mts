import { hostile } from './hostile.mts';
export default hostile(() => process.execve?.('/bin/sh', ['sh', '-c', 'id'], {}));
