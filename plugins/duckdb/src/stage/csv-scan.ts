import type { CsvDialect, Field, LogicalType } from '@vp/plugin-sdk';
import { standardCsv } from '@vp/plugin-sdk';
import { listOf, quoteName, quoteText } from '../sql/quote.ts';
import { toDuckType } from '../types/duck-type.ts';
import { castText, guardAll, plainCast, type TextGuard, textGuard } from '../types/text-cast.ts';
import type { ActualColumn } from './project.ts';

/** A scan of a payload's files, with the columns that it gives. */
export interface Scan {
  readonly relation: string;
  readonly columns: readonly ActualColumn[];
}

/**
 * CSV with the stated dialect. Columns are read as text and cast by us: DuckDB's own reading rounds
 * `1.5` in an integer column to 2, and cuts times.
 */
export function csvScan(options: {
  readonly files: readonly string[];
  readonly fields: readonly Field[];
  readonly dialect: CsvDialect | undefined;
  readonly compression: string | undefined;
  readonly extra?: string;
}): Scan {
  const { files, fields, compression, extra = '' } = options;
  const dialect = options.dialect ?? standardCsv;
  const columns = fields.map(
    (f) => `${quoteText(f.name)}: '${readAsIs.has(f.type.kind) ? toDuckType(f.type, f.name) : 'VARCHAR'}'`,
  );
  const args = [
    'auto_detect = false',
    `columns = {${columns.join(', ')}}`,
    `header = ${dialect.header}`,
    `delim = ${quoteText(dialect.delimiter)}`,
    `quote = ${quoteText(dialect.quote)}`,
    `escape = ${quoteText(dialect.escape)}`,
    `nullstr = ${quoteText(dialect.nullText)}`,
    'allow_quoted_nulls = false',
    'strict_mode = true',
    `skip = ${dialect.skip ?? 0}`,
    'hive_partitioning = false',
    // Smaller pieces than the default 32 MB stay in the processors' caches and fill all threads.
    `buffer_size = ${8 * 2 ** 20}`,
    ...(compression === undefined ? [] : [`compression = ${quoteText(compression)}`]),
    ...(encodingOf(dialect) === 'utf-8' ? [] : [`encoding = ${quoteText(encodingOf(dialect))}`]),
  ];
  const relation = `read_csv(${listOf(files.map(quoteText))}, ${args.join(', ')}${extra})`;
  return textScanOf({ relation, fields, cast: (x, f) => fromCsv(x, f, dialect) });
}

/** How a column of text becomes its type, and what must hold before. */
export interface TextCast {
  readonly expression: string;
  readonly guard?: TextGuard | undefined;
}

/** A scan whose columns are texts, with the guards of all casts as one condition. */
export function textScanOf(options: {
  readonly relation: string;
  readonly fields: readonly Field[];
  readonly cast: (x: string, field: Field) => TextCast;
}): Scan {
  const casts = options.fields.map((f) => options.cast(quoteName(f.name), f));
  const guards = casts.flatMap((c) => c.guard ?? []);
  const { relation } = options;
  return {
    relation: guards.length === 0 ? relation : `(SELECT * FROM ${relation} WHERE ${guardAll(guards)})`,
    columns: options.fields.map(({ name, type, nullable }, i) => ({
      name,
      type,
      nullable,
      expression: casts[i]?.expression ?? quoteName(name),
    })),
  };
}

/** Kinds that DuckDB's CSV reader reads as they are, or not at all. */
const readAsIs = new Set<LogicalType['kind']>(['bool', 'float32', 'float64', 'uuid', 'utf8']);

function fromCsv(x: string, { name, type }: Field, dialect: CsvDialect): TextCast {
  if (readAsIs.has(type.kind)) return { expression: x };
  const format =
    type.kind === 'date'
      ? dialect.dateFormat
      : type.kind === 'timestamp'
        ? dialect.timestampFormat
        : undefined;
  if (format !== undefined) {
    return { expression: castText(`CAST(strptime(${x}, ${quoteText(format)}) AS VARCHAR)`, type, name) };
  }
  // DuckDB's own CSV has bytes as \xAA.
  if (type.kind === 'binary') return { expression: `CAST(${x} AS BLOB)` };
  return { expression: plainCast(x, type, name), guard: textGuard(x, type, name) };
}

const encodings: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'iso-8859-1': 'latin-1',
  latin1: 'latin-1',
  utf16: 'utf-16',
};

function encodingOf(dialect: CsvDialect): string {
  const name = (dialect.encoding ?? 'utf-8').toLowerCase();
  return encodings[name] ?? name;
}
