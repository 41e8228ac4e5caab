import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.writeFileSync(`${args.project}/granted/in.csv`, 'owned'));
