/** Formats that files can have. */
export type FileFormat = 'csv' | 'json' | 'ndjson' | 'parquet';

/** How CSV text is cut and read. What is left out is the standard's, or found in the file. */
export interface CsvOptions {
  /** One character; found in the header line when left out. */
  readonly delimiter?: string;
  /** One character, or `''` when the file quotes nothing; `"` when left out. */
  readonly quote?: string;
  /** What stands before a quote inside quotes; the quote itself when left out. */
  readonly escape?: string;
  /** Whether the first row holds the names; `true` when left out. */
  readonly header?: boolean;
  /** Names of the columns, for files without a header. */
  readonly names?: readonly string[];
  /** The unquoted text that stands for NULL; nothing at all when left out. */
  readonly null?: string;
  /** `utf-8` (default), `utf-16` or `latin-1`. */
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1';
  /** Lines to pass over before the header. */
  readonly skip?: number;
  /** `strftime` pattern of dates that are not ISO 8601, e.g. `%d.%m.%Y`. */
  readonly date_format?: string;
  /** `strftime` pattern of timestamps that are not ISO 8601. */
  readonly timestamp_format?: string;
}

/** Options of `source('files', …)`. */
export interface FilesOptions extends CsvOptions {
  /** Files or glob patterns, relative to the project, or `file://` URLs. */
  readonly path: string | readonly string[];
  /** By the extension when left out. */
  readonly format?: FileFormat;
  /** By the extension when left out. */
  readonly compression?: 'none' | 'gzip' | 'zstd';
  /** Types of columns of CSV and JSON files, where what the file suggests is not what you want. */
  readonly columns?: Readonly<Record<string, string>>;
  /** JSON: dotted path of the array that holds the records, e.g. `data.items`. */
  readonly records?: string;
  /** Whether `name=value` folders are columns; `true` when left out. */
  readonly hive?: boolean;
  /** Read files with different columns, missing ones as NULL. */
  readonly union?: boolean;
  /** Rows to look at for the types of CSV and JSON columns; 20,480 when left out, -1 for all. */
  readonly sample?: number;
}

/** Options of the sinks: where to. */
export interface FileSinkOptions {
  /** A file, or a folder when it ends with `/`; relative to the project. `{partition}` stands for the partition. */
  readonly path: string;
}

/** Options of `sink('parquet', …)`. */
export interface ParquetSinkOptions extends FileSinkOptions {
  /** `zstd` when left out. */
  readonly compression?: 'none' | 'snappy' | 'gzip' | 'zstd';
}

/** Options of `sink('csv', …)`. */
export interface CsvSinkOptions
  extends FileSinkOptions,
    Pick<CsvOptions, 'delimiter' | 'quote' | 'header' | 'null' | 'date_format' | 'timestamp_format'> {
  /** By the extension when left out. */
  readonly compression?: 'none' | 'gzip' | 'zstd';
}

/** Options of `sink('ndjson', …)`. */
export interface NdjsonSinkOptions extends FileSinkOptions {
  /** By the extension when left out. */
  readonly compression?: 'none' | 'gzip' | 'zstd';
}
