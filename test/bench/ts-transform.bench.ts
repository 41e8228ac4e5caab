import { type CallContext, type RowBatch, t, toTableSchema } from '@vp/contracts';
import { tsTransform } from '../../plugins/transform-ts/src/transform.ts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { median } from './lib/numbers.ts';

const schema = toTableSchema({
  id: t.int64(),
  quantity: t.float64(),
  name: t.text(),
  note: t.text().nullable(),
  at: t.timestamp(),
});
const batchRows = 2048;
const rounds = 5;

interface Order {
  readonly id: bigint;
  readonly quantity: number;
  readonly name: string;
  readonly note: string | null;
  readonly at: bigint;
}

const change = (row: Order) => ({
  id: row.id,
  quantity: row.quantity * 2,
  name: row.name,
  note: row.note === null ? null : row.name,
  at: row.at + 1n,
});

const source = {
  id: BigInt64Array.from({ length: batchRows }, (_, i) => BigInt(i)),
  quantity: Float64Array.from({ length: batchRows }, (_, i) => i / 3),
  name: Array.from({ length: batchRows }, (_, i) => `customer ${i % 97}`),
  note: Array.from({ length: batchRows }, (_, i) => (i % 3 === 0 ? null : `note ${i % 11}`)),
  at: BigInt64Array.from({ length: batchRows }, (_, i) => 1_700_000_000_000_000n + BigInt(i)),
};

async function* input(rows: number): AsyncGenerator<RowBatch> {
  const columns = [source.id, source.quantity, source.name, source.note, source.at];
  for (let done = 0; done < rows; done += batchRows) yield { length: batchRows, columns };
}

const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };
const context: CallContext = { signal: new AbortController().signal, logger, progress() {} };

async function transform(rows: number): Promise<number> {
  const { output } = await tsTransform({ project: '/' }).run(
    {
      asset: 'orders',
      options: {},
      code: { mode: 'rows', fn: change },
      inputs: { orders: { carrier: 'rows', format: 'rows', schema, batches: input(rows) } },
      schema,
    },
    context,
  );
  let seen = 0;
  if (output?.carrier === 'rows') for await (const batch of output.batches) seen += batch.length;
  return seen;
}

/** What one would write by hand for these five columns: row objects, `map`, columns; unchecked. */
async function byHand(rows: number): Promise<number> {
  let seen = 0;
  for await (const batch of input(rows)) {
    const objects = Array.from(
      { length: batch.length },
      (_, r): Order => ({
        id: source.id[r] ?? 0n,
        quantity: source.quantity[r] ?? 0,
        name: source.name[r] ?? '',
        note: source.note[r] ?? null,
        at: source.at[r] ?? 0n,
      }),
    );
    const results = objects.map(change);
    const columns = [
      BigInt64Array.from(results, (row) => row.id),
      Float64Array.from(results, (row) => row.quantity),
      results.map((row) => row.name),
      results.map((row) => row.note),
      BigInt64Array.from(results, (row) => row.at),
    ];
    seen += columns[0]?.length ?? 0;
  }
  return seen;
}

async function seconds(work: () => Promise<number>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const megabytes = () => process.memoryUsage().rss / 2 ** 20;

export default {
  name: 'TypeScript row transform',
  limit: 'the same by hand, unchecked',
  async run() {
    const million = 1_000_000;
    await transform(million / 4);
    await byHand(million / 4);
    const measured: number[] = [];
    const limit: number[] = [];
    for (let round = 0; round < rounds; round++) {
      limit.push(await seconds(() => byHand(million)));
      measured.push(await seconds(() => transform(million)));
    }
    const before = megabytes();
    await transform(5 * million);
    return [
      { measured: median(measured), limit: 0, unit: 's CPU', target: 1, note: '1 M rows of 5 columns' },
      {
        measured: median(measured),
        limit: median(limit),
        unit: 's CPU',
        target: 1,
        note: 'beside code by hand',
      },
      {
        measured: Math.max(megabytes() - before, 0),
        limit: 0,
        unit: 'MB',
        target: 100,
        note: 'growth over 5 M rows',
      },
    ];
  },
} satisfies Benchmark;
