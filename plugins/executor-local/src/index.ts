export type { LocalExecutorConfig } from './config.ts';
