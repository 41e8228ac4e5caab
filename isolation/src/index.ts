export { errorTable } from './errors.ts';
export { isolate } from './host/isolate.ts';
