export { HookBus } from './bus.ts';
export { errorTable } from './errors.ts';
