import fs from 'node:fs';
import os from 'node:os';
import { hostile } from './hostile.mts';
export default hostile(() => fs.readdirSync(os.homedir()));
