import { hostile } from './hostile.mts';
export default hostile(({ args }) => process.loadEnvFile(`${args.project}/.env`));
