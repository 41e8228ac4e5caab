export type { {{class}}Config } from './config.ts';
