import { type Row, t, toTableSchema } from '@vp/plugin-sdk';
import { defineConformance } from '@vp/plugin-sdk/conformance';
import { create{{class}}Transform } from './transform.ts';

const schema = toTableSchema({ id: t.int64(), email: t.text().nullable(), spent: t.decimal(9, 2) });
const rows: readonly Row[] = [
  { id: 1n, email: 'ada@example.org', spent: '1.50' },
  { id: 2n, email: null, spent: '0.00' },
  { id: 9_007_199_254_740_993n, email: 'ada@example.org', spent: '-0.05' },
  { id: 4n, email: '', spent: '9999999.99' },
];
// HMAC-SHA256 of the texts by the key below.
const hashes: Readonly<Record<string, string>> = {
  'ada@example.org': '4719791925641ad8291f4f2da387e862',
  '': 'b2c11ed4c74cd91e7e216fd90d6237e9',
};
const hidden = rows.map((row) => ({
  ...row,
  email: typeof row.email === 'string' ? (hashes[row.email] ?? null) : null,
}));
const run = {
  name: 'e-mail addresses are hidden',
  options: { columns: ['email'] },
  inputs: { customers: { schema, rows } },
  schema,
  expected: hidden,
};

/** What `npm test` and `vp plugins conformance` prove the transform on. */
export default defineConformance({
  transforms: {
    '{{id}}': {
      create: () => ({
        open: () => create{{class}}Transform({ key: 'conformance' }),
        cases: [run, { ...run, name: 'nothing is hidden', options: { columns: [] }, expected: rows }],
        failing: {
          run: { ...run, name: 'a column that is not there', options: { columns: ['emial'] } },
          says: 'emial',
        },
      }),
    },
  },
});
