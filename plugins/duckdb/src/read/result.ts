import type { DuckDBPreparedStatement, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import type { Field, LogicalType, QueryResult, RowBatch } from '@vp/plugin-sdk';
import type { Session } from '../native/database.ts';
import { toLogicalType } from '../types/duck-type.ts';
import { createReader, type VectorReader } from '../types/read-vector.ts';

/** A connection on loan. */
export interface Loan {
  readonly session: Session;
  release(outcome?: 'failed'): void;
}

/**
 * Streams a statement's result. The connection goes back when the last batch was read, or on `close`.
 * `types`: the logical types to read the columns as, where they are known better than DuckDB does.
 */
export async function streamResult(options: {
  readonly loan: Loan;
  readonly statement: DuckDBPreparedStatement;
  readonly fields?: readonly Field[];
  readonly onError: (error: unknown) => unknown;
  readonly onClose?: () => void;
}): Promise<QueryResult> {
  const { loan, statement } = options;
  const { session } = loan;
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    // A stream that is not read to its end still runs on the connection.
    session.connection.interrupt();
    loan.release();
    options.onClose?.();
  };
  const fail = (error: unknown): unknown =>
    session.signal.aborted ? session.signal.reason : options.onError(error);
  let result: DuckDBResult;
  try {
    result = await statement.stream();
  } catch (error) {
    await close();
    throw fail(error);
  }
  const columns = result
    .columnNames()
    .map((name, i) => toColumn(session, name, result.columnType(i), options.fields?.[i]));
  const readers = columns.map((c) => c.read);

  async function* batches(): AsyncGenerator<RowBatch> {
    const { bindings } = session.native;
    try {
      while (!isClosed) {
        const chunk = await result.fetchChunk();
        const length = chunk?.rowCount ?? 0;
        if (chunk === null || length === 0) break;
        session.signal.throwIfAborted();
        yield {
          length,
          columns: readers.map((read, i) => read(bindings.data_chunk_get_vector(chunk.chunk, i), length)),
        };
      }
    } catch (error) {
      throw fail(error);
    } finally {
      await close();
    }
  }

  return { schema: { fields: columns.map((c) => c.field) }, batches: batches(), close };
}

function toColumn(
  session: Session,
  name: string,
  duck: DuckDBType,
  known: Field | undefined,
): { readonly field: Field; readonly read: VectorReader } {
  const { bindings } = session.native;
  if (known !== undefined) return { field: known, read: createReader(bindings, duck, known.type) };
  const type: LogicalType = toLogicalType(duck) ?? { kind: 'utf8' };
  return { field: { name, type, nullable: true }, read: createReader(bindings, duck, type) };
}
