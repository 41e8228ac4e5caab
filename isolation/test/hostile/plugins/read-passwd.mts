import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() => fs.readFileSync('/etc/passwd', 'utf8'));
