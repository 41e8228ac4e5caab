import type { DuckDBAppender } from '@duckdb/node-api';
import type { ColumnValues, Field, RowBatch, RowsPayload } from '@vp/plugin-sdk';
import { createCounter } from '../counter.ts';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { quoteName } from '../sql/quote.ts';
import { toDuckType } from '../types/duck-type.ts';
import { createWriter, type VectorWriter } from '../types/write-vector.ts';

const VECTOR = 2_048;
const SEGMENT_ROWS = 1_000_000;
const SEGMENT_BYTES = 96 * 2 ** 20;

const nextTable = createCounter();

/**
 * JavaScript rows, a segment at a time: rows are put into a table in DuckDB's memory, and when it is
 * full it is written by `flush` while the next one fills. So memory stays flat, and both sides work.
 */
export async function ingestRows(options: {
  readonly session: Session;
  readonly payload: RowsPayload;
  /** Writes a table's rows to a file. */
  readonly flush: (table: string) => Promise<void>;
  readonly progress: (rows: number) => void;
}): Promise<void> {
  const { session, payload, flush } = options;
  const { fields } = payload.schema;
  const writers = fields.map((f) => createWriter(session.native.bindings, f.type, f.name));
  let writing: Promise<void> = Promise.resolve();
  let segment: Segment | undefined;
  let total = 0;

  const hand = async (full: Segment) => {
    full.appender.closeSync();
    await writing;
    writing = flush(full.table).finally(() => session.connection.run(`DROP TABLE ${full.table}`));
    // Awaited later; a rejection in between must not count as unhandled.
    writing.catch(() => undefined);
  };

  try {
    for await (const batch of payload.batches) {
      session.signal.throwIfAborted();
      checkShape(batch, fields);
      for (let from = 0; from < batch.length; from += VECTOR) {
        segment ??= await openSegment(session, fields);
        const count = Math.min(VECTOR, batch.length - from);
        append(session, segment, { fields, writers, batch, from, count });
        segment.rows += count;
        segment.bytes += sizeOf(batch, from, count);
        if (segment.rows < SEGMENT_ROWS && segment.bytes < SEGMENT_BYTES) continue;
        await hand(segment);
        segment = undefined;
      }
      total += batch.length;
      options.progress(total);
    }
    segment ??= total === 0 ? await openSegment(session, fields) : undefined;
    if (segment !== undefined) await hand(segment);
    segment = undefined;
    await writing;
  } catch (error) {
    await writing.catch(() => undefined);
    if (segment !== undefined) await session.connection.run(`DROP TABLE IF EXISTS ${segment.table}`);
    throw error;
  }
}

interface Segment {
  readonly table: string;
  readonly appender: DuckDBAppender;
  rows: number;
  bytes: number;
}

async function openSegment(session: Session, fields: readonly Field[]): Promise<Segment> {
  const table = `vp_rows_${nextTable()}`;
  const columns = fields.map((f) => `${quoteName(f.name)} ${toDuckType(f.type, f.name)}`);
  await session.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
  return { table, appender: await session.connection.createAppender(table), rows: 0, bytes: 0 };
}

function append(
  session: Session,
  segment: Segment,
  part: {
    readonly fields: readonly Field[];
    readonly writers: readonly VectorWriter[];
    readonly batch: RowBatch;
    readonly from: number;
    readonly count: number;
  },
): void {
  const {
    native: { driver, bindings },
  } = session;
  const types = part.fields.map((_, i) => segment.appender.columnType(i));
  const chunk = driver.DuckDBDataChunk.create(types, part.count);
  for (const [index, write] of part.writers.entries()) {
    const values = part.batch.columns[index] ?? [];
    write(
      bindings.data_chunk_get_vector(chunk.chunk, index),
      slice(values, part.from, part.count),
      part.count,
    );
  }
  segment.appender.appendDataChunk(chunk);
}

function slice(values: ColumnValues, from: number, count: number): ColumnValues {
  if (from === 0 && values.length <= count) return values;
  if (Array.isArray(values)) return values.slice(from, from + count);
  if (ArrayBuffer.isView(values) && 'subarray' in values && typeof values.subarray === 'function') {
    return values.subarray(from, from + count);
  }
  return Array.from({ length: count }, (_, i) => values[from + i] ?? null);
}

function checkShape(batch: RowBatch, fields: readonly Field[]): void {
  if (batch.columns.length !== fields.length) {
    const reason = `it has ${batch.columns.length} columns, the schema has ${fields.length}`;
    throw errors.VP_DUCKDB_BATCH({ reason });
  }
  for (const [index, column] of batch.columns.entries()) {
    if (column.length >= batch.length) continue;
    const reason = `column "${fields[index]?.name}" has ${column.length} values, the batch ${batch.length} rows`;
    throw errors.VP_DUCKDB_BATCH({ reason });
  }
}

/** A guess from one row in sixteen. */
function sizeOf(batch: RowBatch, from: number, count: number): number {
  let bytes = batch.columns.length * 8 * count;
  for (const column of batch.columns) {
    if (typeof column[from] === 'number' || ArrayBuffer.isView(column)) continue;
    for (let i = from; i < from + count; i += 16) {
      const value = column[i];
      if (typeof value === 'string' || Array.isArray(value)) bytes += value.length * 16;
      else if (value instanceof Uint8Array) bytes += value.byteLength * 16;
    }
  }
  return bytes;
}
