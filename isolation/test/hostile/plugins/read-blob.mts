import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(async () => await (await fs.openAsBlob('/etc/passwd')).text());
