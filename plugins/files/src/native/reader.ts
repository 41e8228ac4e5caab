import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { CallContext, RowBatch, TableSchema, Value } from '@vp/plugin-sdk';
import { literal } from './sql.ts';
import { fromNativeValue } from './values.ts';

/** The embedded reader and writer of file formats (DuckDB), started at first use. */
export interface Native extends AsyncDisposable {
  /** Runs statements that give no rows. */
  run(sql: string, signal?: AbortSignal): Promise<void>;
  /** Rows as JSON values: for facts about files, not for data. */
  facts(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Names and types of the columns of a query. */
  columns(query: string): Promise<readonly { readonly name: string; readonly type: DuckDBType }[]>;
  /** Rows of a query as batches of the schema's JavaScript values, read as they are asked for. */
  batches(query: string, schema: TableSchema, context: CallContext): AsyncGenerator<RowBatch>;
  /** A connection with temporary tables of its own; close it. */
  connect(): Promise<DuckDBConnection>;
}

/** Makes a {@link Native} that spills to `spill` beyond `memory`. */
export function createNative({ spill, memory }: { readonly spill: string; readonly memory: string }): Native {
  let starting: ReturnType<typeof start> | undefined;
  const start = async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    // Nothing is ever downloaded: what these formats need is built in.
    return await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: memory,
      temp_directory: spill,
    });
  };
  const connect = async () => {
    starting ??= start();
    const connection = await (await starting).connect();
    await connection.run(`set timezone = ${literal('UTC')}`);
    return connection;
  };

  return {
    connect,
    async run(sql, signal) {
      const connection = await connect();
      const interrupt = () => connection.interrupt();
      signal?.addEventListener('abort', interrupt, { once: true });
      try {
        signal?.throwIfAborted();
        await connection.run(sql);
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener('abort', interrupt);
        connection.closeSync();
      }
    },
    async facts(sql) {
      const connection = await connect();
      try {
        return (await connection.runAndReadAll(sql)).getRowObjectsJson();
      } finally {
        connection.closeSync();
      }
    },
    async columns(query) {
      const connection = await connect();
      try {
        const result = await connection.run(`select * from (${query}) limit 0`);
        const types = result.columnTypes();
        return result.columnNames().flatMap((name, i) => {
          const type = types[i];
          return type === undefined ? [] : [{ name, type }];
        });
      } finally {
        connection.closeSync();
      }
    },
    async *batches(query, schema, context) {
      const connection = await connect();
      const interrupt = () => connection.interrupt();
      context.signal.addEventListener('abort', interrupt, { once: true });
      try {
        const read = schema.fields.map((f) => fromNativeValue(f.type));
        const result = await connection.stream(query);
        for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
          if (chunk.rowCount === 0) break;
          context.signal.throwIfAborted();
          const columns = read.map(
            (convert, c): readonly Value[] => chunk?.getColumnValues(c).map(convert) ?? [],
          );
          yield { length: chunk.rowCount, columns };
        }
      } catch (error) {
        context.signal.throwIfAborted();
        throw error;
      } finally {
        context.signal.removeEventListener('abort', interrupt);
        connection.closeSync();
      }
    },
    async [Symbol.asyncDispose]() {
      (await starting)?.closeSync();
    },
  };
}
