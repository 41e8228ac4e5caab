import type { MysqlSinkOptions, MysqlSourceOptions } from './options.ts';

export type { MysqlSinkOptions, MysqlSourceOptions } from './options.ts';

declare module '@vp/contracts' {
  interface SourceOptions {
    mysql: MysqlSourceOptions;
  }
  interface SinkOptions {
    mysql: MysqlSinkOptions;
  }
}
