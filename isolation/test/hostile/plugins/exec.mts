import { execSync } from 'node:child_process';
import { hostile } from './hostile.mts';
export default hostile(() => execSync('cat /etc/passwd').toString());
