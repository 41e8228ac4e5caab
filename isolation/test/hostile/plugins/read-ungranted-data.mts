import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) =>
  fs.readFileSync(`${args.project}/granted/../private/salaries.csv`, 'utf8'),
);
