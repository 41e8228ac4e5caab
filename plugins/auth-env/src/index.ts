export type { AuthEnvConfig } from './config.ts';
