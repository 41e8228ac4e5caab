import type { RowBatch, RowsPayload, TableSchema } from '@vp/contracts';
import { type BatchOptions, batchesFromRows } from './batches-from-rows.ts';

/**
 * A payload of batches.
 *
 * @example
 * ```ts
 * import { rowsPayload, t, toTableSchema, type RowBatch } from '@vp/plugin-sdk';
 * async function* batches(): AsyncGenerator<RowBatch> {
 *   yield { length: 2, columns: [new Int32Array([1, 2]), ['one', null]] };
 * }
 * const payload = rowsPayload(toTableSchema({ id: t.int32(), name: t.text().nullable() }), batches());
 * ```
 */
export function rowsPayload(
  schema: TableSchema,
  batches: AsyncIterable<RowBatch>,
  estimates: { readonly estimatedRows?: number; readonly estimatedBytes?: number } = {},
): RowsPayload {
  return { carrier: 'rows', format: 'rows', schema, batches, ...estimates };
}

/**
 * A payload of row objects: {@link rowsPayload} of {@link batchesFromRows}.
 *
 * @example
 * ```ts
 * import { payloadFromRows, t, toTableSchema } from '@vp/plugin-sdk';
 * const payload = payloadFromRows([{ id: 1n }], toTableSchema({ id: t.int64() }));
 * ```
 */
export function payloadFromRows(
  rows: Iterable<object> | AsyncIterable<object>,
  schema: TableSchema,
  options?: BatchOptions,
): RowsPayload {
  return rowsPayload(schema, batchesFromRows(rows, schema, options));
}
