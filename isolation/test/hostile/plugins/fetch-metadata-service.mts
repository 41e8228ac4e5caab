import { hostile } from './hostile.mts';
export default hostile(async () => await (await fetch('http://169.254.169.254/latest/meta-data/')).text());
