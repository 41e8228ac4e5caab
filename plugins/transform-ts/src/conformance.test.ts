import { type Row, t, toTableSchema } from '@vp/plugin-sdk';
import { transformConformance } from '@vp/plugin-sdk/testing';
import type { BatchesCode, RowsCode } from './code.ts';
import { tsTransform } from './transform.ts';

const schema = toTableSchema({
  id: t.int64(),
  name: t.text().nullable(),
  at: t.timestamp(),
  price: t.decimal(9, 2),
});
const rows: readonly Row[] = [
  { id: 1n, name: 'Ada', at: 0n, price: '1.50' },
  { id: 2n, name: null, at: -1n, price: '-0.05' },
  { id: 9_007_199_254_740_993n, name: '', at: 1_700_000_000_123_456n, price: '9999999.99' },
  { id: 4n, name: 'Cyd', at: 5n, price: '0.00' },
];
const output = toTableSchema({ id: t.int64(), label: t.text() });
const inputs = { people: { schema, rows } };

const copy: RowsCode = { mode: 'rows', fn: (row) => row };
const labels: RowsCode = {
  mode: 'rows',
  fn: ({ id, name }) =>
    name === null
      ? null
      : [
          { id, label: `${name}` },
          { id, label: 'twice' },
        ],
};
const slow: RowsCode = {
  mode: 'rows',
  fn: async ({ id }) => {
    await new Promise((resolve) => setTimeout(resolve, id === 1n ? 3 : 0));
    return { id, label: 'later' };
  },
};
const batches: BatchesCode = {
  mode: 'batches',
  async *fn({ people }) {
    for await (const some of people ?? []) yield some.map(({ id, name }) => ({ id, label: `<${name}>` }));
  },
};
const expectedLabels = rows
  .filter((r) => r.name !== null)
  .flatMap((r) => [
    { id: r.id ?? 0n, label: `${r.name}` },
    { id: r.id ?? 0n, label: 'twice' },
  ]);

transformConformance({
  id: 'ts',
  from: import.meta.dirname,
  create: () => ({
    open: () => tsTransform({ project: import.meta.dirname }),
    cases: [
      { name: 'a copy of rows', options: {}, code: copy, inputs, schema, expected: rows },
      {
        name: 'some rows twice',
        options: {},
        code: labels,
        inputs,
        schema: output,
        expected: expectedLabels,
      },
      {
        name: 'an async function',
        options: {},
        code: slow,
        inputs,
        schema: output,
        expected: rows.map((r) => ({ id: r.id ?? 0n, label: 'later' })),
      },
      {
        name: 'a generator over batches',
        options: {},
        code: batches,
        inputs,
        schema: output,
        expected: rows.map((r) => ({ id: r.id ?? 0n, label: `<${r.name}>` })),
      },
    ],
    failing: {
      says: 'no such customer',
      run: {
        name: 'a function that throws',
        options: {},
        code: {
          mode: 'rows',
          fn: () => {
            throw new Error('no such customer');
          },
        },
        inputs,
        schema: output,
        expected: [],
      },
    },
  }),
});
