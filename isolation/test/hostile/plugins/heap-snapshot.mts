import v8 from 'node:v8';
import { hostile } from './hostile.mts';
export default hostile(({ args }) => v8.writeHeapSnapshot(`${args.project}/heap`));
