import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.promises.readFile(`${args.project}/vp.lock`, 'utf8'));
