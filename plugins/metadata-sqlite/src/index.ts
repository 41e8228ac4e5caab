export type { SqliteStoreConfig } from './options.ts';
