import { hostile } from './hostile.mts';
export default hostile(async ({ args }) => await (await fetch(`http://2130706433:${args.port}/`)).text());
