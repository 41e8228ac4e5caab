export type { ConsoleAlerterConfig } from './config.ts';
