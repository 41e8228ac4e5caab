import type { CsvSinkOptions, FilesOptions, NdjsonSinkOptions, ParquetSinkOptions } from './options.ts';

export type {
  CsvOptions,
  CsvSinkOptions,
  FileFormat,
  FileSinkOptions,
  FilesOptions,
  NdjsonSinkOptions,
  ParquetSinkOptions,
} from './options.ts';

declare module '@vp/contracts' {
  interface SourceOptions {
    files: FilesOptions;
  }
  interface SinkOptions {
    parquet: ParquetSinkOptions;
    csv: CsvSinkOptions;
    ndjson: NdjsonSinkOptions;
  }
}
