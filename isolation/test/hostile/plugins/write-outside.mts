import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.writeFileSync(`${args.project}/vp.toml`, 'owned'));
