import { join } from 'node:path';
import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { Settings } from '../config.ts';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { conversionError, parseDuckError } from '../native/native-error.ts';
import { charOffset } from '../sql/offsets.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Projection } from './project.ts';

/** What a COPY wrote. */
export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes a SELECT into one Parquet file, with all threads. Row count, size and NULLs come from what the
 * writer itself counted: the data is passed over once.
 */
export async function writeParquet(options: {
  readonly session: Session;
  readonly settings: Settings;
  readonly select: string;
  readonly projection: Projection;
  readonly folder: string;
  readonly file: string;
  /** What stands after FROM in `select`, where the projection made it: errors before it are about a column. */
  readonly relation?: string;
  readonly bind?: (statement: DuckDBPreparedStatement) => void;
}): Promise<WrittenFile> {
  const { session, folder, file } = options;
  const statement = await session.prepare(copyStatement(options));
  options.bind?.(statement);
  const result = await statement.run().catch((error: unknown) => {
    statement.destroySync();
    throw namingColumn(error, options);
  });
  // RETURN_STATS gives: filename, count, file_size_bytes, footer_size_bytes, column_statistics, …
  const [row = []] = await result.getRowsJson();
  const [, rows, bytes, , stats] = row;
  for (const field of options.projection.schema.fields) {
    if (field.nullable) continue;
    const nulls = nullCount(stats, field.name);
    if (nulls > 0) {
      throw errors.VP_DUCKDB_NULL({ column: field.name, nulls }, { details: { column: field.name, nulls } });
    }
  }
  return {
    file: join(folder, file),
    rows: Number(rows ?? 0),
    bytes: Number(bytes ?? 0),
  };
}

/** How many characters stand before the SELECT in {@link copyStatement}: errors count from the start. */
export const COPY_PREFIX = 'COPY ('.length;

function copyStatement(options: {
  readonly settings: Settings;
  readonly select: string;
  readonly folder: string;
  readonly file: string;
}): string {
  const { settings, select } = options;
  const { compression, compressionLevel, rowGroupSize } = settings;
  const level = compression === 'zstd' ? `, COMPRESSION_LEVEL ${compressionLevel}` : '';
  return `COPY (${select}\n) TO ${quoteText(join(options.folder, options.file))} (FORMAT parquet, COMPRESSION ${compression}${level}, ROW_GROUP_SIZE ${rowGroupSize}, USE_TMP_FILE false, RETURN_STATS)`;
}

/** RETURN_STATS gives a map of maps, as lists of key and value. */
function nullCount(stats: unknown, column: string): number {
  const found = lookup(stats, quoteName(column));
  return Number(lookup(found, 'null_count') ?? 0);
}

function lookup(map: unknown, key: string): unknown {
  if (!Array.isArray(map)) return undefined;
  const entry: unknown = map.find(
    (e: unknown) => typeof e === 'object' && e !== null && 'key' in e && e.key === key,
  );
  return typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : undefined;
}

/** A cast that failed says where it stands in the statement, which tells the column. */
function namingColumn(
  thrown: unknown,
  options: { readonly select: string; readonly relation?: string },
): unknown {
  const duck = parseDuckError(thrown);
  if (duck?.type !== 'Conversion' || duck.position === undefined || options.relation === undefined)
    return thrown;
  const at = charOffset(options.select, duck.position - COPY_PREFIX);
  if (at < 0 || at > options.select.lastIndexOf(options.relation)) return thrown;
  const name = / AS "((?:[^"]|"")+)"/.exec(options.select.slice(at))?.[1];
  return name === undefined ? thrown : conversionError(duck.message, thrown, name.replaceAll('""', '"'));
}
