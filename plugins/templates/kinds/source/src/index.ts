import type { {{class}}Options } from './config.ts';

export type { {{class}}Config, {{class}}Options } from './config.ts';

// What makes `source('{{id}}', …)` typed in a pipeline.
declare module '@vp/contracts' {
  interface SourceOptions {
    '{{id}}': {{class}}Options;
  }
}
