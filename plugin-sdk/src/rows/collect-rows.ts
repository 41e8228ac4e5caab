import type { Payload } from '@vp/contracts';
import { errors } from '../errors.ts';
import type { Row } from './row.ts';
import { rowsFromBatches } from './rows-from-batches.ts';

/**
 * All rows of a payload of format `rows` as an array: for tests, and for what is known to be small.
 *
 * @throws VpError `VP_SDK_NOT_ROWS` for another format
 *
 * @example
 * ```ts
 * import { collectRows, payloadFromRows, t, toTableSchema } from '@vp/plugin-sdk';
 * const rows = await collectRows(payloadFromRows([{ id: 1n }], toTableSchema({ id: t.int64() })));
 * ```
 */
export async function collectRows(payload: Payload): Promise<readonly Row[]> {
  if (payload.carrier !== 'rows') throw errors.VP_SDK_NOT_ROWS(payload);
  const rows: Row[] = [];
  for await (const row of rowsFromBatches(payload.batches, payload.schema)) rows.push(row);
  return rows;
}
