import type { CsvDialect, Field, LogicalType } from '@vp/plugin-sdk';
import { standardCsv } from '@vp/plugin-sdk';
import { listOf, quoteName, quoteText } from '../sql/quote.ts';
import { castText } from '../types/casts.ts';
import type { ActualColumn } from './project.ts';

/** A scan of a payload's files, with the columns that it gives. */
export interface Scan {
  readonly relation: string;
  readonly columns: readonly ActualColumn[];
}

/**
 * CSV with the stated dialect. Columns are read as text and cast by us: DuckDB's own reading rounds
 * `1.5` in an integer column to 2. (It costs nothing: the cast is the same work, elsewhere.)
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
  const columns = fields.map((f) => `${quoteText(f.name)}: 'VARCHAR'`);
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
    ...(compression === undefined ? [] : [`compression = ${quoteText(compression)}`]),
    ...(encodingOf(dialect) === 'utf-8' ? [] : [`encoding = ${quoteText(encodingOf(dialect))}`]),
  ];
  return {
    relation: `read_csv(${listOf(files.map(quoteText))}, ${args.join(', ')}${extra})`,
    columns: fields.map((f) => textColumn(f, (x) => fromCsv(x, f.type, f.name, dialect))),
  };
}

function fromCsv(x: string, type: LogicalType, column: string, dialect: CsvDialect): string {
  const format =
    type.kind === 'date'
      ? dialect.dateFormat
      : type.kind === 'timestamp'
        ? dialect.timestampFormat
        : undefined;
  if (format !== undefined)
    return castText(`CAST(strptime(${x}, ${quoteText(format)}) AS VARCHAR)`, type, column);
  // DuckDB's own CSV has bytes as \xAA.
  if (type.kind === 'binary') return `CAST(${x} AS BLOB)`;
  return castText(x, type, column);
}

/** A column that is read as text and is of its field's type once the expression has run. */
export function textColumn(field: Field, expression: (x: string) => string): ActualColumn {
  const { name, type, nullable } = field;
  return { name, type, nullable, expression: expression(quoteName(name)) };
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
