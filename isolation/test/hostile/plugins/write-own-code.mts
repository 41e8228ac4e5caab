import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() => fs.appendFileSync(import.meta.filename, '// owned'));
