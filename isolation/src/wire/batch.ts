import type { Json, RowBatch, TableSchema } from '@vp/contracts';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { decodeColumn } from './columns/decode.ts';
import { encodeColumn } from './columns/encode.ts';
import { WireFault } from './fault.ts';
import { cut, limits } from './limits.ts';
import { decodeValue, encodeValue } from './value.ts';

/** Rows `from` to `to` of a batch, the state only with the last of them. */
export interface BatchPart {
  readonly batch: RowBatch;
  readonly from: number;
  readonly to: number;
}

/** How many rows of a batch go into a frame, by how large the last frame was. */
export function rowsPerFrame(schema: TableSchema, bytesPerRow: number): number {
  const byCells = Math.floor(limits.cells / Math.max(schema.fields.length, 1));
  const bySize = Math.floor(cut.batch / Math.max(bytesPerRow, 1));
  return Math.max(1, Math.min(byCells, bySize));
}

export function encodeBatch(writer: ByteWriter, schema: TableSchema, { batch, from, to }: BatchPart): void {
  const isLast = to === batch.length;
  writer.u32(to - from);
  writer.u32(batch.columns.length);
  const hasState = isLast && 'state' in batch && batch.state !== undefined;
  writer.u8(hasState ? 1 : 0);
  if (hasState) encodeValue(writer, batch.state);
  for (const [index, field] of schema.fields.entries()) {
    const values = batch.columns[index];
    if (values === undefined) break;
    // A column that is too short or too long is the plugin's mistake, which the host sees as it would in process.
    const end = isLast ? values.length : Math.min(to, values.length);
    const begin = Math.min(from, end);
    writer.u32(end - begin);
    encodeColumn(writer, field.type, { values, from: begin, to: end });
  }
}

/** @throws WireFault */
export function decodeBatch(payload: Buffer, at: number, schema: TableSchema): RowBatch {
  const reader = new ByteReader(payload, at);
  const length = reader.u32();
  const width = reader.u32();
  if (width > schema.fields.length) throw new WireFault(`${width} columns of ${schema.fields.length}`);
  const cells = (rows: number) => {
    if (rows * Math.max(schema.fields.length, 1) > limits.cells)
      throw new WireFault(`a batch of ${rows} rows`);
    return rows;
  };
  cells(length);
  const flag = reader.u8();
  if (flag > 1) throw new WireFault(`state ${flag}`);
  const state = flag === 1 ? { state: decodeValue(reader) as Json } : {};
  const columns = schema.fields
    .slice(0, width)
    .map(({ type }) => decodeColumn(reader, { type, rows: cells(reader.u32()) }));
  reader.end();
  return { length, columns, ...state };
}
