import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() => fs.openSync('/proc/self/mem', 'r+'));
