import {
  type CallContext,
  type CommitMeta,
  type Json,
  type Payload,
  type RowBatch,
  type Sink,
  type Source,
  type TableSchema,
  type TransferSpec,
  t,
  toTableSchema,
} from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { planTransfer, type TransferEnds } from './plan-transfer.ts';
import { runTransfer } from './run-transfer.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
const context: CallContext = { signal: new AbortController().signal, logger: silent, progress() {} };
const orders = toTableSchema({ id: t.int64(), at: t.timestamp({ unit: 'us' }), note: t.text().nullable() });

type Row = readonly Json[];

/** A table that is read from an offset on, and one that keeps what is committed, with its meta. */
function ends(init: {
  readonly schema?: TableSchema;
  readonly there?: TableSchema;
  readonly failAt?: 'write' | 'commit';
}) {
  const { schema = orders } = init;
  const data: Row[] = [];
  const table = { rows: [] as Row[], schema: init.there, meta: new Map<string, CommitMeta>() };
  const acknowledged: Json[] = [];
  const log: string[] = [];
  let failAt = init.failAt;
  const source: Source = {
    check: async () => ({ ok: true, message: '' }),
    discover: async () => [{ options: {}, name: 'orders', schema, formats: ['rows'], bounded: true }],
    async read({ state, columns }) {
      const from = typeof state === 'number' ? state : 0;
      const rows = data.slice(from);
      const end = data.length;
      const wanted = { fields: schema.fields.filter(({ name }) => columns?.includes(name) ?? true) };
      const payload: Payload = { carrier: 'rows', format: 'rows', schema: wanted, batches: batches(rows) };
      return {
        schema: wanted,
        bounded: true,
        parts: [payload],
        state: async () => end,
        close: async () => void log.push('read closed'),
      };
    },
    acknowledge: async ({ state }) => void acknowledged.push(state),
  };
  const sink: Sink = {
    check: async () => ({ ok: true, message: '' }),
    inspect: async ({ feed = '' }) => {
      const committed = table.meta.get(feed);
      return {
        location: 'mem.orders',
        exists: table.schema !== undefined,
        formats: ['rows'],
        evolves: ['column.added'],
        ...(table.schema === undefined ? {} : { schema: table.schema }),
        ...(committed === undefined ? {} : { committed }),
      };
    },
    open: async (request) => {
      const staged: Row[] = [];
      if (request.changes) log.push(...request.changes.map((change) => change.kind));
      return {
        async write(payload) {
          if (payload.carrier !== 'rows') throw new Error('rows only');
          for await (const batch of payload.batches) staged.push(...rowsOf(batch));
          if (failAt === 'write') throw new Error('the disk is full');
          return { rows: staged.length };
        },
        async commit(meta) {
          table.rows = request.mode === 'replace' ? staged : [...table.rows, ...staged];
          table.schema = request.schema;
          table.meta.set(request.feed ?? '', meta);
          if (failAt === 'commit') throw new Error('the answer was lost');
          return { location: 'mem.orders', stats: { rows: staged.length } };
        },
        close: async () => void log.push('writer closed'),
      };
    },
  };
  const heal = () => {
    failAt = undefined;
  };
  return { ends: { source, sink } satisfies TransferEnds, data, table, acknowledged, log, heal };
}

async function* batches(rows: readonly Row[]): AsyncGenerator<RowBatch> {
  yield { length: rows.length, columns: orders.fields.map((_, c) => rows.map((row) => row[c] ?? null)) };
}

const rowsOf = (batch: RowBatch): Row[] =>
  Array.from({ length: batch.length }, (_, r) => batch.columns.map((column) => column[r] as Json));

const spec: TransferSpec = {
  name: 'orders',
  from: { use: 'mem', options: {} },
  to: { use: 'mem', options: {} },
  mode: 'append',
};
const attempt = (token: string) => ({ runId: token, stepId: 'copy:orders', token });

async function transfer(world: ReturnType<typeof ends>, token: string, over: Partial<TransferSpec> = {}) {
  const plan = await planTransfer({ ends: world.ends, spec: { ...spec, ...over }, context });
  return runTransfer({ ends: world.ends, plan, attempt: attempt(token), context });
}

describe('a transfer', () => {
  test('goes on from the cursor that was committed with the data, and acknowledges after it', async () => {
    const world = ends({});
    world.data.push([1, 1, 'a'], [2, 2, null]);
    expect(await transfer(world, 'one')).toMatchObject({ rows: 2, state: 2, location: 'mem.orders' });
    world.data.push([3, 3, 'c']);
    expect(await transfer(world, 'two')).toMatchObject({ rows: 1, state: 3 });
    expect(world.table.rows.map(([id]) => id)).toEqual([1, 2, 3]);
    expect(world.acknowledged).toEqual([2, 3]);
    expect(world.log).toEqual(['writer closed', 'read closed', 'writer closed', 'read closed']);
  });

  test('whose commit was not heard of is not done again under the same token', async () => {
    const world = ends({ failAt: 'commit' });
    world.data.push([1, 1, 'a']);
    await expect(transfer(world, 'one')).rejects.toThrow('the answer was lost');
    expect(world.acknowledged).toEqual([]);
    world.heal();
    expect(await transfer(world, 'one')).toMatchObject({ doneBefore: true });
    expect(world.table.rows).toHaveLength(1);
  });

  test('that fails while it writes closes both ends, and the next one reads the same rows', async () => {
    const world = ends({ failAt: 'write' });
    world.data.push([1, 1, 'a']);
    await expect(transfer(world, 'one')).rejects.toThrow('the disk is full');
    expect(world.log).toEqual(['writer closed', 'read closed']);
    world.heal();
    expect(await transfer(world, 'two')).toMatchObject({ rows: 1 });
  });

  test('two feeds of one table keep a cursor each', async () => {
    const world = ends({});
    world.data.push([1, 1, 'a']);
    await transfer(world, 'one');
    expect(await transfer(world, 'two', { name: 'other' })).toMatchObject({ rows: 1 });
    expect(await transfer(world, 'three')).toMatchObject({ rows: 0 });
  });

  test('reads all data when it is asked to', async () => {
    const world = ends({});
    world.data.push([1, 1, 'a']);
    await transfer(world, 'one');
    expect(await transfer(world, 'two', { mode: 'replace', full: true })).toMatchObject({ rows: 1 });
    expect(world.table.rows).toHaveLength(1);
  });
});

describe('what differs from the table that is there', () => {
  const seconds = toTableSchema({ id: t.int64(), at: t.timestamp({ unit: 's' }), note: t.text().nullable() });
  const short = toTableSchema({ id: t.int64(), at: t.timestamp({ unit: 'us' }) });

  test('a loss is refused by column and name, before anything is read', async () => {
    const world = ends({ there: seconds });
    await expect(transfer(world, 'one', { schema: { type: 'freeze' } })).rejects.toMatchObject({
      code: 'VP_TRANSFER_FROZEN',
    });
    await expect(transfer(world, 'one')).rejects.toMatchObject({
      code: 'VP_TRANSFER_CANNOT_EVOLVE',
      message: expect.stringContaining('at: timestamp(s) -> timestamp(us)'),
    });
    expect(world.log).toEqual([]);
  });

  test('a new column is added, refused, or left out, as the policy says', async () => {
    const added = ends({ there: short });
    added.data.push([1, 1, 'a']);
    expect(await transfer(added, 'one')).toMatchObject({ changes: [{ kind: 'column.added' }] });
    expect(added.log[0]).toBe('column.added');

    await expect(
      transfer(ends({ there: short }), 'one', { schema: { column: 'freeze' } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('note utf8 is new') });

    const dropped = ends({ there: short });
    dropped.data.push([1, 1, 'a']);
    const left = await transfer(dropped, 'one', { schema: { columns: { note: 'discard_value' } } });
    expect(left.changes).toEqual([]);
    expect(dropped.table.schema?.fields.map(({ name }) => name)).toEqual(['id', 'at']);
  });

  test('what rows would have to be looked at for is refused, not passed over', async () => {
    await expect(
      transfer(ends({ there: short }), 'one', { schema: { column: 'quarantine' } }),
    ).rejects.toMatchObject({ code: 'VP_TRANSFER_ACTION_UNSUPPORTED' });
  });

  test('a table that is not there may be frozen too', async () => {
    await expect(transfer(ends({}), 'one', { schema: { table: 'freeze' } })).rejects.toMatchObject({
      code: 'VP_TRANSFER_TABLE_MISSING',
    });
  });
});
