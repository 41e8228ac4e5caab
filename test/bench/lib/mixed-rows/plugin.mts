import type { PluginDefinition, RowBatch, Source, TableSchema } from '@vp/contracts';

const schema: TableSchema = {
  fields: [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'customer', type: { kind: 'utf8' }, nullable: false },
    { name: 'amount', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: false },
    { name: 'placed_at', type: { kind: 'timestamp', unit: 'us' }, nullable: false },
    { name: 'status', type: { kind: 'enum', values: ['new', 'paid', 'shipped', 'lost'] }, nullable: false },
    { name: 'score', type: { kind: 'float64' }, nullable: false },
    { name: 'day', type: { kind: 'date' }, nullable: false },
    { name: 'quantity', type: { kind: 'int32' }, nullable: true },
    { name: 'note', type: { kind: 'utf8' }, nullable: true },
    { name: 'gift', type: { kind: 'bool' }, nullable: false },
    { name: 'city', type: { kind: 'utf8' }, nullable: false },
    { name: 'extra', type: { kind: 'json' }, nullable: false },
  ],
};

const statuses = ['new', 'paid', 'shipped', 'lost'];
const cities = ['Oslo', 'Lima', 'Accra', 'Hanoi', 'Porto', 'Quito', 'Turin'];
const batchRows = 2_048;

/** Makes each value anew, as a source does that reads it from somewhere. */
async function* batches(rows: number): AsyncGenerator<RowBatch> {
  for (let done = 0; done < rows; done += batchRows) {
    const length = Math.min(batchRows, rows - done);
    const make = <T,>(value: (row: number) => T) => Array.from({ length }, (_, i) => value(done + i));
    yield {
      length,
      columns: [
        make((i) => BigInt(i)),
        make((i) => `customer ${i % 100_007}`),
        make((i) => `${i % 10_000}.${10 + (i % 90)}`),
        make((i) => 1_700_000_000_000_000n + BigInt(i) * 1_000n),
        make((i) => statuses[i % 4] ?? ''),
        make((i) => i / 7),
        make((i) => 18_000 + (i % 1_000)),
        make((i) => (i % 11 === 0 ? null : i % 50)),
        make((i) => (i % 3 === 0 ? null : `left at the door of number ${i % 1_000}`)),
        make((i) => i % 5 === 0),
        make((i) => cities[i % 7] ?? ''),
        make((i) => `{"campaign":${i % 77},"channel":"web"}`),
      ],
    };
  }
}

export const mixedRows = (): Source => ({
  async check() {
    return { ok: true, message: 'ready' };
  },
  async discover() {
    return [{ options: {}, name: 'mixed', schema, formats: ['rows'], bounded: true }];
  },
  async read({ options }) {
    const rows = Number(options.rows);
    return {
      schema,
      bounded: true,
      parts: [{ carrier: 'rows', format: 'rows', schema, batches: batches(rows) }],
      state: async () => undefined,
      close: async () => undefined,
    };
  },
});

const plugin: PluginDefinition = {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    const point = {
      $$type: '@vp/extension-point',
      version: 'v1',
      id: 'source',
      major: 1,
      contract: 'source@1',
    } as const;
    registrar.contribute<Source, unknown, Record<never, never>>(point, 'mixed', { create: mixedRows });
  },
};
export default plugin;
