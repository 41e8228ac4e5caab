import { fileURLToPath } from 'node:url';
import type { CsvDialect, Field, FilesPayload } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { listOf, quoteName, quoteText } from '../sql/quote.ts';
import { plainSql } from '../sql/render.ts';
import { describeColumns, prepareQuery, toActualColumns } from '../sql/statement.ts';
import { castText } from '../types/text-cast.ts';
import { csvScan, type Scan } from './csv-scan.ts';
import { jsonScan } from './json-scan.ts';

const FILE_COLUMN = 'vp_file';

/** The scan of a payload of files, columns that stand in their paths included. */
export async function fileScan(session: Session, payload: FilesPayload): Promise<Scan> {
  const inPath = new Set(payload.files.flatMap((f) => Object.keys(f.partition ?? {})));
  const fields = payload.schema.fields.filter((f) => !inPath.has(f.name));
  const groups = [...Map.groupBy(payload.files, (f) => f.compression ?? '')];
  const scans: Scan[] = [];
  for (const [compression, files] of groups) {
    const paths = files.map((f) => toPath(f.uri));
    const extra = inPath.size === 0 ? '' : `, filename = ${quoteText(FILE_COLUMN)}`;
    scans.push(
      await scanOf(session, payload, { paths, fields, compression: compressionName(compression), extra }),
    );
  }
  const [first] = scans;
  if (first === undefined) throw errors.VP_DUCKDB_FILE_MISSING({ reason: 'The payload has no files.' });
  const relation =
    scans.length === 1
      ? first.relation
      : `(${scans.map((s) => `SELECT * FROM ${s.relation}`).join(' UNION ALL BY NAME ')})`;
  return inPath.size === 0 ? { relation, columns: first.columns } : withPathColumns(payload, relation, first);
}

interface FileGroup {
  readonly paths: readonly string[];
  readonly fields: readonly Field[];
  readonly compression: string | undefined;
  readonly extra: string;
}

function scanOf(session: Session, payload: FilesPayload, group: FileGroup): Promise<Scan> | Scan {
  const { paths, fields, compression, extra } = group;
  if (payload.format === 'parquet') return parquetScan(session, group);
  return textScan({ format: payload.format, csv: payload.csv, paths, fields, compression, extra });
}

/** A scan of CSV or JSON. */
export function textScan(options: {
  readonly format: string;
  readonly csv: CsvDialect | undefined;
  readonly paths: readonly string[];
  readonly fields: readonly Field[];
  readonly compression?: string | undefined;
  readonly extra?: string;
}): Scan {
  const { format, csv, paths, fields, compression, extra = '' } = options;
  if (format === 'csv') return csvScan({ files: paths, fields, dialect: csv, compression, extra });
  return jsonScan({
    files: paths,
    fields,
    format: format === 'ndjson' ? 'ndjson' : 'json',
    compression,
    extra,
  });
}

async function parquetScan(session: Session, group: FileGroup): Promise<Scan> {
  const { paths, fields, extra } = group;
  const relation = `read_parquet(${listOf(paths.map(quoteText))}, hive_partitioning = false${extra})`;
  const sql = plainSql(`SELECT * FROM ${relation}`);
  const statement = await prepareQuery(session, sql);
  const there = await describeColumns(session, sql, statement);
  const byName = new Map(there.map((c) => [c.name, c]));
  const wanted = fields.map((f) => {
    const found = byName.get(f.name);
    if (found !== undefined) return found;
    const known = [...byName.keys()];
    throw errors.VP_DUCKDB_COLUMN_UNKNOWN({ name: f.name, known, excerpt: ` (in ${paths[0]})` });
  });
  return { relation, columns: toActualColumns(wanted) };
}

/** Values that stand in the path: joined by file name, since a path may be written in any way. */
function withPathColumns(payload: FilesPayload, relation: string, scan: Scan): Scan {
  const names = [...new Set(payload.files.flatMap((f) => Object.keys(f.partition ?? {})))];
  const rows = payload.files.map((f) => {
    const values = names.map((name) =>
      f.partition?.[name] === undefined ? 'NULL' : quoteText(f.partition[name]),
    );
    return `(${[quoteText(toPath(f.uri)), ...values].join(', ')})`;
  });
  const header = [FILE_COLUMN, ...names].map(quoteName).join(', ');
  const own = scan.columns.map((c) => `f.${quoteName(c.name)}`);
  const added = names.map((name) => `CAST(p.${quoteName(name)} AS VARCHAR) AS ${quoteName(name)}`);
  const joined = `(SELECT ${[...own, ...added].join(', ')} FROM ${relation} f JOIN (VALUES ${rows.join(', ')}) p(${header}) ON f.${FILE_COLUMN} = p.${FILE_COLUMN})`;
  const columns = payload.schema.fields.map((field) => {
    const { name, type, nullable } = field;
    const inFile = scan.columns.find((c) => c.name === name);
    return inFile ?? { name, type, nullable, expression: castText(quoteName(name), type, name) };
  });
  return { relation: joined, columns };
}

export function toPath(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

function compressionName(compression: string): string | undefined {
  return compression === '' || compression === 'snappy' ? undefined : compression;
}
