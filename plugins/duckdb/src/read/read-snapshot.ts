import { join } from 'node:path';
import {
  type CsvDialect,
  type DataFile,
  type Field,
  type Payload,
  standardCsv,
  type TableSchema,
} from '@vp/plugin-sdk';
import type { Settings } from '../config.ts';
import type { Session } from '../native/database.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { relationOf } from '../sql/relation.ts';
import { plainSql } from '../sql/render.ts';
import { sqlError } from '../sql/statement.ts';
import { filesOf, type StoredSnapshot } from '../storage/record.ts';
import { type Loan, streamResult } from './result.ts';

export const offers = ['relation', 'parquet', 'csv', 'ndjson', 'json', 'rows'] as const;

type FileFormat = 'parquet' | 'csv' | 'json' | 'ndjson';

export function isFileFormat(format: string): format is FileFormat {
  return format === 'parquet' || format === 'csv' || format === 'json' || format === 'ndjson';
}

export interface ReadOptions {
  readonly snapshots: readonly StoredSnapshot[];
  readonly fields: readonly Field[];
}

function schemaOf({ fields, snapshots }: ReadOptions): TableSchema {
  const key = snapshots[0]?.record.snapshot.schema.key;
  const isWhole = key?.every((name) => fields.some((f) => f.name === name)) ?? false;
  return { fields, ...(key !== undefined && isWhole ? { key } : {}) };
}

/** Whether every column is read, so that the snapshot's own files say just what is asked for. */
export function isWholeSnapshot({ snapshots, fields }: ReadOptions): boolean {
  const isWhole = snapshots.every(({ record }) => {
    const own = record.snapshot.schema.fields;
    return own.length === fields.length && own.every((f, i) => f.name === fields[i]?.name);
  });
  return snapshots.length > 0 && isWhole;
}

function toSelect(options: ReadOptions): string {
  return `SELECT ${options.fields.map((f) => quoteName(f.name)).join(', ')} FROM ${relationOf(options.snapshots, options.fields)}`;
}

function counts({ snapshots }: ReadOptions) {
  const sum = (of: 'rows' | 'bytes') => snapshots.reduce((n, s) => n + s.record.snapshot[of], 0);
  return { estimatedRows: sum('rows'), estimatedBytes: sum('bytes') };
}

export function asRelation(options: ReadOptions): Payload {
  const sql = isWholeSnapshot(options) ? relationOf(options.snapshots) : `(${toSelect(options)})`;
  return {
    carrier: 'relation',
    format: 'relation',
    engine: 'duckdb',
    sql,
    schema: schemaOf(options),
    ...counts(options),
  };
}

/** The snapshot's own files. */
export function asOwnFiles(options: ReadOptions): Payload {
  const files: readonly DataFile[] = options.snapshots.flatMap(filesOf).map((uri) => ({ uri }));
  return { carrier: 'files', format: 'parquet', files, schema: schemaOf(options), ...counts(options) };
}

export async function asRows(
  options: ReadOptions & { readonly loan: Loan },
): Promise<{ payload: Payload; close(): Promise<void> }> {
  const sql = plainSql(toSelect(options));
  const statement = await options.loan.session.prepare(sql.text);
  const result = await streamResult({
    loan: options.loan,
    statement,
    fields: options.fields,
    onError: (error) => sqlError(error, sql),
  });
  const payload: Payload = {
    carrier: 'rows',
    format: 'rows',
    batches: result.batches,
    schema: schemaOf(options),
    ...counts(options),
  };
  return { payload, close: result.close };
}

/** Writes the data as files into `directory`. */
export async function asCopiedFiles(
  options: ReadOptions & {
    readonly session: Session;
    readonly settings: Settings;
    readonly format: FileFormat;
    readonly csv: CsvDialect | undefined;
    readonly directory: string;
  },
): Promise<Payload> {
  const { session, format, directory, settings } = options;
  const dialect = options.csv ?? standardCsv;
  const uri = join(directory, `part-0.${format}`);
  const settingsOf = {
    parquet: `FORMAT parquet, COMPRESSION ${settings.compression}`,
    csv: csvOptions(dialect),
    json: 'FORMAT json, ARRAY true',
    ndjson: 'FORMAT json, ARRAY false',
  };
  await session.run(
    `COPY (${toSelect(options)}) TO ${quoteText(uri)} (${settingsOf[format]}, USE_TMP_FILE false)`,
  );
  return {
    carrier: 'files',
    format,
    files: [{ uri }],
    schema: schemaOf(options),
    ...(format === 'csv' ? { csv: dialect } : {}),
    ...counts(options),
  };
}

function csvOptions(dialect: CsvDialect): string {
  const { delimiter, quote, header, nullText, dateFormat, timestampFormat } = dialect;
  return [
    'FORMAT csv',
    `HEADER ${header}`,
    `DELIMITER ${quoteText(delimiter)}`,
    `QUOTE ${quoteText(quote)}`,
    `ESCAPE ${quoteText(dialect.escape)}`,
    `NULLSTR ${quoteText(nullText)}`,
    ...(dateFormat === undefined ? [] : [`DATEFORMAT ${quoteText(dateFormat)}`]),
    ...(timestampFormat === undefined ? [] : [`TIMESTAMPFORMAT ${quoteText(timestampFormat)}`]),
  ].join(', ');
}
