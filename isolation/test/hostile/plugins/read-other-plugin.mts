import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.readFileSync(`${args.project}/plugins/other/plugin.js`, 'utf8'));
