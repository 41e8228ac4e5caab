import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.readFileSync(`${args.project}/vp.toml`, 'utf8'));
