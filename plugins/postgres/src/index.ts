import type { PostgresSourceOptions } from './options.ts';

export type { PostgresSourceOptions } from './options.ts';

declare module '@vp/contracts' {
  interface SourceOptions {
    postgres: PostgresSourceOptions;
  }
}
