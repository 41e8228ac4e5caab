import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => fs.watch(args.project ?? '/').close());
