import { join } from 'node:path';
import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { Settings } from '../config.ts';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { conversionError, parseDuckError } from '../native/native-error.ts';
import { charOffset } from '../sql/offsets.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { flushMeanwhile } from '../storage/durable.ts';
import type { Projection } from './project.ts';

/** What a COPY wrote. */
export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/** What is to be written where. */
export interface WriteOptions {
  readonly session: Session;
  readonly settings: Settings;
  readonly select: string;
  readonly folder: string;
  readonly file: string;
  /** What stands after FROM in `select`, where the projection made it: errors before it are about a column. */
  readonly relation?: string;
  /** Part of the work that is done, 0 to 1, now and then. */
  readonly progress?: (fraction: number) => void;
  readonly bind?: (statement: DuckDBPreparedStatement) => void;
}

/** A written file, with what the writer counted. */
export interface Written extends WrittenFile {
  /** @throws VpError when a column that may not has NULLs */
  checkNulls(projection: Projection): void;
}

/**
 * Writes a SELECT into one Parquet file, with all threads. Row count, size and NULLs come from what the
 * writer itself counted: the data is passed over once.
 */
export async function writeParquet(options: WriteOptions): Promise<Written> {
  const { session, folder, file } = options;
  const statement = await session.prepare(copyStatement(options));
  const stopFlushing = flushMeanwhile(join(folder, file));
  const ticker = setInterval(() => tell(options), 250);
  try {
    options.bind?.(statement);
    const result = await statement.run();
    // RETURN_STATS gives: filename, count, file_size_bytes, footer_size_bytes, column_statistics, …
    const [row = []] = await result.getRowsJson();
    const [, rows, bytes, , stats] = row;
    return {
      file: join(folder, file),
      rows: Number(rows ?? 0),
      bytes: Number(bytes ?? 0),
      checkNulls: (projection) => refuseNulls(projection, stats),
    };
  } catch (error) {
    throw namingColumn(error, options);
  } finally {
    clearInterval(ticker);
    stopFlushing();
    statement.destroySync();
  }
}

function tell({ session, progress }: WriteOptions): void {
  const { percentage } = session.connection.progress;
  // Not above zero: DuckDB cannot tell.
  if (percentage > 0) progress?.(Math.min(1, percentage / 100));
}

/** How many characters stand before the SELECT in {@link copyStatement}: errors count from the start. */
export const COPY_PREFIX = 'COPY ('.length;

function copyStatement({ settings, select, folder, file }: WriteOptions): string {
  const { compression, compressionLevel, rowGroupSize } = settings;
  const level = compression === 'zstd' ? [`COMPRESSION_LEVEL ${compressionLevel}`] : [];
  const format = ['FORMAT parquet', `COMPRESSION ${compression}`, ...level, `ROW_GROUP_SIZE ${rowGroupSize}`];
  // The folder itself is temporary, so the file need not be.
  const options = [...format, 'USE_TMP_FILE false', 'RETURN_STATS'];
  return `COPY (${select}\n) TO ${quoteText(join(folder, file))} (${options.join(', ')})`;
}

function refuseNulls({ schema }: Projection, stats: unknown): void {
  for (const { name, nullable } of schema.fields) {
    const nulls = nullable ? 0 : Number(lookup(lookup(stats, quoteName(name)), 'null_count') ?? 0);
    if (nulls > 0) throw errors.VP_DUCKDB_NULL({ column: name, nulls }, { details: { column: name, nulls } });
  }
}

/** The statistics are maps of maps, as lists of key and value. */
function lookup(map: unknown, key: string): unknown {
  if (!Array.isArray(map)) return undefined;
  const entry: unknown = map.find(
    (e: unknown) => typeof e === 'object' && e !== null && 'key' in e && e.key === key,
  );
  return typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : undefined;
}

/** A cast that failed says where it stands in the statement, which tells the column. */
function namingColumn(thrown: unknown, { select, relation }: WriteOptions): unknown {
  const duck = parseDuckError(thrown);
  if (duck?.type !== 'Conversion' || duck.position === undefined || relation === undefined) return thrown;
  const at = charOffset(select, duck.position - COPY_PREFIX);
  if (at < 0 || at > select.lastIndexOf(relation)) return thrown;
  const name = / AS "((?:[^"]|"")+)"/.exec(select.slice(at))?.[1];
  return name === undefined ? thrown : conversionError(duck.message, thrown, name.replaceAll('""', '"'));
}
