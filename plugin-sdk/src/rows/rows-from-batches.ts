import type { RowBatch, TableSchema } from '@vp/contracts';
import type { Row } from './row.ts';

/**
 * The rows of batches as objects, one by one. All have the same hidden class, so that code over them
 * stays fast; a row may be kept, a batch may not.
 *
 * @example
 * ```ts
 * import { type RowsPayload, rowsFromBatches } from '@vp/plugin-sdk';
 * async function print(payload: RowsPayload): Promise<void> {
 *   for await (const row of rowsFromBatches(payload.batches, payload.schema)) console.log(row);
 * }
 * ```
 */
export async function* rowsFromBatches(
  batches: Iterable<RowBatch> | AsyncIterable<RowBatch>,
  schema: TableSchema,
): AsyncGenerator<Row, void, undefined> {
  const toRow = rowMaker(schema);
  for await (const batch of batches) {
    for (let r = 0; r < batch.length; r++) yield toRow(batch, r);
  }
}

/**
 * How to make the object of one row of a batch: {@link rowsFromBatches} for code that steps through
 * the batches by itself, without a promise per row.
 *
 * @example
 * ```ts
 * import { type RowBatch, rowMaker, t, toTableSchema } from '@vp/plugin-sdk';
 * const toRow = rowMaker(toTableSchema({ id: t.int64() }));
 * const lastOf = (batch: RowBatch) => toRow(batch, batch.length - 1);
 * ```
 */
export function rowMaker(schema: TableSchema): (batch: RowBatch, row: number) => Row {
  const names = schema.fields.map((f) => f.name);
  // A plain assignment to `__proto__` would set the prototype and lose the value.
  const make: (batch: RowBatch, row: number) => Record<string, unknown> = names.includes('__proto__')
    ? (batch, r) => Object.fromEntries(names.map((name, c) => [name, batch.columns[c]?.[r] ?? null]))
    : (batch, r) => {
        const row: Record<string, unknown> = {};
        for (let c = 0; c < names.length; c++) row[names[c] ?? ''] = batch.columns[c]?.[r] ?? null;
        return row;
      };
  return make as (batch: RowBatch, row: number) => Row;
}
