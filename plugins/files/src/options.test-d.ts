import type { SinkOptions, SourceOptions } from '@vp/plugin-sdk';
import type {} from './index.ts';

type Files = SourceOptions['files'];

export const right: readonly Files[] = [
  { path: 'a.csv' },
  { path: ['a.csv', 'b/*.csv'], delimiter: ';', columns: { id: 'int64' } },
  { path: 'a.json', records: 'data.items', encoding: 'utf-8' },
];
export const sinks: SinkOptions = {
  parquet: { path: 'a.parquet', compression: 'snappy' },
  csv: { path: 'out/', null: 'NA' },
  ndjson: { path: 'a.ndjson.gz', compression: 'gzip' },
};

export const wrong: readonly Files[] = [
  // @ts-expect-error a path is required
  {},
  // @ts-expect-error a misspelt option
  { path: 'a.csv', delimeter: ';' },
  // @ts-expect-error no such format
  { path: 'a.csv', format: 'xlsx' },
  // @ts-expect-error types of columns are texts
  { path: 'a.csv', columns: { id: 64 } },
];

// @ts-expect-error NDJSON is not compressed with snappy
export const wrongSink: SinkOptions['ndjson'] = { path: 'a.ndjson', compression: 'snappy' };
