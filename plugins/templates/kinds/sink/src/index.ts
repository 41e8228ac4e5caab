import type { {{class}}Options } from './config.ts';

export type { {{class}}Config, {{class}}Options } from './config.ts';

// What makes `sink('{{id}}', …)` typed in a pipeline.
declare module '@vp/contracts' {
  interface SinkOptions {
    '{{id}}': {{class}}Options;
  }
}
