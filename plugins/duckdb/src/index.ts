export type { DuckdbConfig } from './config.ts';
export { errorTable } from './errors.ts';
