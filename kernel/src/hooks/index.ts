export { HookBus } from './bus.ts';
