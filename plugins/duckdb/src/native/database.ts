import { mkdir } from 'node:fs/promises';
import type {
  DuckDBConnection,
  DuckDBInstance,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
} from '@duckdb/node-api';
import { describeThrown } from '@vp/plugin-sdk';
import type { Settings } from '../config.ts';
import { errors } from '../errors.ts';
import type { Scratch } from '../storage/scratch.ts';
import { loadNative, type Native } from './load.ts';
import { toVpError } from './native-error.ts';

/** A connection in use, with what the caller needs around it. */
export interface Session {
  readonly connection: DuckDBConnection;
  readonly native: Native;
  readonly signal: AbortSignal;
  /** Runs a statement that the engine itself wrote. */
  run(sql: string): Promise<DuckDBMaterializedResult>;
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
}

/** The process's one DuckDB, in memory; its data are the Parquet files. Opened at the first use. */
export interface Database {
  /** Runs `work` with a connection of its own; `signal` interrupts what runs on it. */
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** Takes a connection that the caller gives back. */
  acquire(signal: AbortSignal): Promise<{ readonly session: Session; release(outcome?: 'failed'): void }>;
  close(): void;
}

export function createDatabase(options: {
  readonly settings: Settings;
  readonly scratch: Scratch;
}): Database {
  let opening: Promise<{ instance: DuckDBInstance; native: Native }> | undefined;
  const idle: DuckDBConnection[] = [];
  let isClosed = false;

  async function acquire(signal: AbortSignal) {
    signal.throwIfAborted();
    opening ??= open(options.settings, options.scratch);
    const { instance, native } = await opening;
    const connection = idle.pop() ?? (await connect(instance));
    const interrupt = () => connection.interrupt();
    signal.addEventListener('abort', interrupt);
    const session: Session = {
      connection,
      native,
      signal,
      run: async (sql) => {
        signal.throwIfAborted();
        return connection.run(sql);
      },
      prepare: async (sql) => {
        signal.throwIfAborted();
        return connection.prepare(sql);
      },
    };
    let isReleased = false;
    const release = (outcome?: 'failed') => {
      if (isReleased) return;
      isReleased = true;
      signal.removeEventListener('abort', interrupt);
      // After a failure the connection still holds the statement's files, and their space on disk.
      if (isClosed || outcome === 'failed') connection.closeSync();
      else idle.push(connection);
    };
    return { session, release };
  }

  return {
    acquire,
    use: async (signal, work) => {
      const { session, release } = await acquire(signal);
      try {
        return await work(session);
      } catch (error) {
        release('failed');
        // An interrupted statement fails in DuckDB's words; the caller wants the reason of the abort.
        signal.throwIfAborted();
        throw toVpError(error);
      } finally {
        release();
      }
    },
    close: () => {
      isClosed = true;
      for (const connection of idle.splice(0)) connection.closeSync();
      opening?.then(
        ({ instance }) => instance.closeSync(),
        () => undefined,
      );
    },
  };
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  // Without the bar nothing counts how far a query is; it is not printed.
  await connection.run('SET enable_progress_bar_print = false; SET enable_progress_bar = true');
  return connection;
}

async function open(settings: Settings, scratch: Scratch) {
  const native = await loadNative();
  const tempDirectory = settings.tempDirectory ?? (await scratch.folder('spill'));
  await mkdir(tempDirectory, { recursive: true });
  try {
    const instance = await native.driver.DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      errors_as_json: 'true',
      memory_limit: settings.memoryLimit,
      temp_directory: tempDirectory,
      preserve_insertion_order: String(settings.preserveOrder),
      ...(settings.threads === undefined ? {} : { threads: String(settings.threads) }),
    });
    // Settings of built-in extensions exist only once the database does.
    const connection = await instance.connect();
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await connection.run('SET GLOBAL parquet_metadata_cache = true');
    connection.closeSync();
    return { instance, native };
  } catch (error) {
    throw errors.VP_DUCKDB_CONFIG({ reason: describeThrown(error) }, { cause: error });
  }
}
