import type { DuckDBConnection } from '@duckdb/node-api';
import { abortable, type CallContext, type RowsPayload, type Value } from '@vp/plugin-sdk';
import { identifier } from './sql.ts';
import { toNative } from './types.ts';
import { toNativeValue } from './write-values.ts';

const rowsPerChunk = 2048;

/** Loads a payload of rows into a temporary table of the connection; gives the number of rows. */
export async function loadRows(
  connection: DuckDBConnection,
  table: string,
  payload: RowsPayload,
  context: CallContext,
): Promise<number> {
  const driver = await import('@duckdb/node-api');
  const { fields } = payload.schema;
  const columns = fields.map((f) => `${identifier(f.name)} ${toNative(f.type)}`);
  await connection.run(`create temp table ${identifier(table)} (${columns.join(', ')})`);
  const write = fields.map((f) => toNativeValue(f.type, driver));
  const appender = await connection.createAppender(table);
  const types = fields.map((_, c) => appender.columnType(c));
  let rows = 0;
  for await (const batch of abortable(payload.batches, context.signal)) {
    for (let start = 0; start < batch.length; start += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, batch.length - start);
      const chunk = driver.DuckDBDataChunk.create(types, count);
      write.forEach((convert, c) => {
        const values = batch.columns[c] ?? [];
        const out = Array.from({ length: count }, (_, r) => convert(values[start + r] ?? (null as Value)));
        chunk.setColumnValues(c, out);
      });
      appender.appendDataChunk(chunk);
    }
    rows += batch.length;
    context.progress({ rows });
  }
  appender.closeSync();
  return rows;
}
