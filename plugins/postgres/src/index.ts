import type { PostgresSinkOptions, PostgresSourceOptions } from './options.ts';

export type { PostgresSinkOptions, PostgresSourceOptions } from './options.ts';

declare module '@vp/contracts' {
  interface SourceOptions {
    postgres: PostgresSourceOptions;
  }
  interface SinkOptions {
    postgres: PostgresSinkOptions;
  }
}
