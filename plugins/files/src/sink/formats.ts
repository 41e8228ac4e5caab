import { type CsvDialect, type Format, standardCsv } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { compressionOf } from '../file-name.ts';
import { literal } from '../native/sql.ts';
import type { CsvSinkOptions, ParquetSinkOptions } from '../options.ts';

/** Formats that this plugin writes, which are the ids of its sinks. */
export type SinkFormat = 'parquet' | 'csv' | 'ndjson';

/** Everything that `options` of any of the sinks may say. */
export type AnySinkOptions = Omit<CsvSinkOptions, 'compression'> & Pick<ParquetSinkOptions, 'compression'>;

/** How the files of a sink are written. */
export interface OutputFormat {
  readonly format: SinkFormat;
  /** `undefined` for Parquet that comes as it is: whatever its writer chose. */
  readonly compression: 'none' | 'snappy' | 'gzip' | 'zstd' | undefined;
  /** For CSV. */
  readonly dialect: CsvDialect;
  readonly extension: string;
}

const possible: Readonly<Record<SinkFormat, readonly string[]>> = {
  parquet: ['none', 'snappy', 'gzip', 'zstd'],
  csv: ['none', 'gzip', 'zstd'],
  ndjson: ['none', 'gzip', 'zstd'],
};

/** The output that a sink's options ask for. */
export function outputFormat(format: SinkFormat, options: AnySinkOptions): OutputFormat {
  const { compression } = options;
  if (compression !== undefined && !possible[format].includes(compression)) {
    throw errors.VP_FILES_COMPRESSION({ compression, format, possible: possible[format].join(', ') });
  }
  const chosen = compression ?? (format === 'parquet' ? undefined : compressionOf(options.path));
  const suffix = format === 'parquet' ? '' : suffixOf[chosen ?? 'none'];
  return { format, compression: chosen, dialect: dialectOf(options), extension: `${format}${suffix}` };
}

const suffixOf = { none: '', snappy: '', gzip: '.gz', zstd: '.zst' } as const;

function dialectOf(options: AnySinkOptions): CsvDialect {
  const quote = options.quote ?? standardCsv.quote;
  return {
    ...standardCsv,
    delimiter: options.delimiter ?? standardCsv.delimiter,
    quote,
    escape: quote,
    header: options.header ?? standardCsv.header,
    nullText: options.null ?? standardCsv.nullText,
    ...(options.date_format === undefined ? {} : { dateFormat: options.date_format }),
    ...(options.timestamp_format === undefined ? {} : { timestampFormat: options.timestamp_format }),
  };
}

/** Formats that the sink takes, cheapest first: what only has to be moved, then what is converted natively. */
export function acceptedFormats(output: OutputFormat): readonly Format[] {
  const all: readonly Format[] = ['parquet', 'csv', 'ndjson', 'rows'];
  const isMovable =
    output.format === 'parquet' ||
    (output.compression === 'none' &&
      (output.format === 'ndjson' || sameDialect(output.dialect, standardCsv)));
  return isMovable ? [output.format, ...all.filter((f) => f !== output.format)] : all;
}

/** Whether two CSV dialects give the same text. */
export function sameDialect(a: CsvDialect, b: CsvDialect): boolean {
  return (
    a.delimiter === b.delimiter &&
    a.quote === b.quote &&
    a.escape === b.escape &&
    a.header === b.header &&
    a.nullText === b.nullText &&
    (a.encoding ?? 'utf-8') === (b.encoding ?? 'utf-8') &&
    (a.skip ?? 0) === (b.skip ?? 0) &&
    a.dateFormat === b.dateFormat &&
    a.timestampFormat === b.timestampFormat
  );
}

/** The options of `COPY … TO` that write this output. */
export function copyOptions({ format, compression, dialect }: OutputFormat): string {
  if (format === 'parquet') {
    const codec = compression === 'none' ? 'uncompressed' : (compression ?? 'zstd');
    return `format parquet, compression ${literal(codec)}`;
  }
  const codec = compression === undefined || compression === 'none' ? 'uncompressed' : compression;
  if (format === 'ndjson') return `format json, compression ${literal(codec)}`;
  const options = [
    'format csv',
    `delimiter ${literal(dialect.delimiter)}`,
    `quote ${literal(dialect.quote)}`,
    `escape ${literal(dialect.escape)}`,
    `header ${dialect.header}`,
    `nullstr ${literal(dialect.nullText)}`,
    `compression ${literal(codec)}`,
  ];
  if (dialect.dateFormat !== undefined) options.push(`dateformat ${literal(dialect.dateFormat)}`);
  if (dialect.timestampFormat !== undefined)
    options.push(`timestampformat ${literal(dialect.timestampFormat)}`);
  return options.join(', ');
}
