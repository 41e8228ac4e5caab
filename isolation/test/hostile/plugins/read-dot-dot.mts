import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() =>
  fs.readFileSync(`${import.meta.dirname}/../../../../../../../../etc/passwd`, 'utf8'),
);
