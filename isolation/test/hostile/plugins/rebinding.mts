import { hostile } from './hostile.mts';

// A name that a wildcard grants and that leads to this machine.
export default hostile(async ({ args }) => await (await fetch(`http://localhost:${args.port}/`)).text());
