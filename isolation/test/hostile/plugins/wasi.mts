import { WASI } from 'node:wasi';
import { hostile } from './hostile.mts';
export default hostile(() => Object.keys(new WASI({ version: 'preview1', preopens: { '/': '/' } })));
