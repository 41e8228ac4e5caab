import { t, toTableSchema } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';

/**
 * What the sink kit writes unless the subject brings a table of its own: a key, the types that
 * drivers commonly spoil, and the values at which they do.
 */
export const sinkTable = {
  schema: toTableSchema(
    {
      id: t.int64(),
      name: t.text().nullable(),
      amount: t.decimal(18, 4).nullable(),
      at: t.timestamp({ unit: 'us' }).nullable(),
      day: t.date().nullable(),
      ratio: t.float64().nullable(),
      ok: t.bool().nullable(),
    },
    ['id'],
  ),
  rows: [
    { id: 1n, name: 'plain', amount: '10.0000', at: 0n, day: 0, ratio: 0.1, ok: true },
    {
      id: 9_007_199_254_740_993n,
      name: 'quote " comma , newline \n tab \t back \\ euro €',
      amount: '-99999999999999.9999',
      at: 1_700_000_000_123_456n,
      day: 19_675,
      ratio: -1e300,
      ok: false,
    },
    {
      id: -9_223_372_036_854_775_807n,
      name: '',
      amount: '0.0001',
      at: -1n,
      day: -1,
      ratio: 5e-324,
      ok: null,
    },
    { id: 4n, name: null, amount: null, at: null, day: null, ratio: null, ok: null },
    { id: 5n, name: 'NULL', amount: '0.0000', at: 1n, day: 1, ratio: 0, ok: true },
  ] satisfies readonly Row[],
};
