import {
  type CallContext,
  collectRows,
  isVpError,
  type Payload,
  payloadFromRows,
  type Row,
  type TableSchema,
  t,
  toTableSchema,
  type VpErrorJson,
} from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowsCode, TransformCode } from './code.ts';
import { tsTransform } from './transform.ts';

const inputSchema = toTableSchema({ id: t.int64(), name: t.text().nullable(), email: t.text().tag('pii') });
const outputSchema = toTableSchema({ id: t.int64(), label: t.text().nullable() });
const people = [
  { id: 1n, name: 'Ada', email: 'ada@example.org' },
  { id: 2n, name: null, email: 'b@example.org' },
  { id: 3n, name: 'Cyd', email: 'c@example.org' },
];

interface Run {
  readonly code: unknown;
  readonly rows?: readonly object[];
  readonly schema?: TableSchema | null;
  readonly inputs?: Readonly<Record<string, Payload>>;
  readonly context?: CallContext;
  readonly batchSize?: number;
}

async function start({ code, rows = people, schema = outputSchema, inputs, context, batchSize = 2 }: Run) {
  return await tsTransform({ project: import.meta.dirname }).run(
    {
      asset: 'labels',
      options: {},
      code,
      inputs: inputs ?? { people: payloadFromRows(rows, inputSchema, { batchSize }) },
      ...(schema === null ? {} : { schema }),
    },
    context ?? testContext(),
  );
}

async function rowsOf(run: Run): Promise<readonly Row[]> {
  const { output } = await start(run);
  return output === undefined ? [] : await collectRows(output);
}

async function failureOf(run: Run): Promise<VpErrorJson> {
  try {
    await rowsOf(run);
  } catch (error) {
    if (isVpError(error)) return error.toJSON();
    throw error;
  }
  throw new Error('It did not fail.');
}

/** The failure of a row function that gives `row` for every row. */
const giving = (row: unknown, schema = outputSchema) =>
  failureOf({ code: { mode: 'rows', fn: () => row }, schema });

describe('rows', () => {
  test('one row, several, or none for each', async () => {
    const fn: RowsCode['fn'] = ({ id, name }) => {
      if (name === null) return null;
      return id === 1n ? { id, label: name } : [{ id, label: name }, { id }, { id, label: undefined }];
    };
    expect(await rowsOf({ code: { mode: 'rows', fn } })).toEqual([
      { id: 1n, label: 'Ada' },
      { id: 3n, label: 'Cyd' },
      { id: 3n, label: null },
      { id: 3n, label: null },
    ]);
    expect(await rowsOf({ code: { mode: 'rows', fn: () => undefined } })).toEqual([]);
    expect(await rowsOf({ code: { mode: 'rows', fn: () => [] } })).toEqual([]);
  });

  test('async functions work on several rows at a time and keep the order', async () => {
    let running = 0;
    let most = 0;
    const fn: RowsCode['fn'] = async ({ id }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, Number(5n - ((id as bigint) % 5n))));
      running -= 1;
      return id === 3n ? null : { id, label: 'x' };
    };
    const rows = Array.from({ length: 20 }, (_, i) => ({ id: BigInt(i), name: null, email: '' }));
    const result = await rowsOf({ code: { mode: 'rows', fn, concurrency: 4 }, rows, batchSize: 20 });
    expect(result.map((r) => r.id)).toEqual(rows.map((r) => r.id).filter((id) => id !== 3n));
    expect(most).toBe(4);
  });

  test('functions that are async for some rows only', async () => {
    const fn: RowsCode['fn'] = ({ id, name }) =>
      id === 2n ? Promise.resolve([{ id }, { id }]) : { id, label: name };
    expect(await rowsOf({ code: { mode: 'rows', fn }, batchSize: 10 })).toEqual([
      { id: 1n, label: 'Ada' },
      { id: 2n, label: null },
      { id: 2n, label: null },
      { id: 3n, label: 'Cyd' },
    ]);
  });

  test('more rows than a batch holds, from one row and from many', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ id: BigInt(i) }));
    expect(await rowsOf({ code: { mode: 'rows', fn: () => many } })).toHaveLength(60_000);
    const rows = many.map(({ id }) => ({ id, name: null, email: '' }));
    const code: TransformCode = { mode: 'rows', fn: ({ id }) => ({ id }) };
    expect(await rowsOf({ code, rows, batchSize: 20_000 })).toEqual(
      many.map(({ id }) => ({ id, label: null })),
    );
  });

  test('any rows through any cut into batches come out as they are', async () => {
    const schema = toTableSchema({
      i: t.int32(),
      b: t.int64().nullable(),
      f: t.float64(),
      s: t.text(),
      d: t.bool().nullable(),
    });
    const row = fc.record({
      i: fc.integer(),
      b: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      f: fc.double(),
      s: fc.string({ unit: 'grapheme' }),
      d: fc.option(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, batchSize) => {
          const inputs = { x: payloadFromRows(rows, schema, { batchSize }) };
          expect(
            await rowsOf({ code: { mode: 'rows', fn: (r: Row) => ({ ...r }) }, inputs, schema }),
          ).toEqual(rows);
        },
      ),
    );
  });

  test('column names never become code', async () => {
    const names = ['__proto__', 'constructor', '"]; throw 1; //', 'a\u2028b', '`', "'", '\\'];
    const fields = names.map((name) => ({ name, type: t.int32().type, nullable: false }));
    const batch = { length: 1, columns: names.map((_, i) => [i]) };
    async function* batches() {
      yield batch;
    }
    const all = { fields };
    const inputs: Record<string, Payload> = {
      x: { carrier: 'rows', format: 'rows', schema: all, batches: batches() },
    };
    const fn = (row: object) =>
      Object.fromEntries(names.map((n) => [n, Object.getOwnPropertyDescriptor(row, n)?.value]));
    const { output } = await start({ code: { mode: 'rows', fn }, inputs, schema: all });
    if (output?.carrier !== 'rows') throw new Error('no rows');
    for await (const { columns } of output.batches)
      expect(columns.map((c) => c[0])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('what a function gives is checked', () => {
  test('a value of another type names column, row, value and the way to mend it', async () => {
    const error = await giving({ id: 12 });
    expect(error).toMatchObject({ code: 'VP_TS_VALUE', class: 'data', at: { row: 1 } });
    expect(error.message).toBe(
      'Column "id" of asset labels is int64, the transform gave the number 12 (row 1). Row: { id: 12 }',
    );
    expect(error.hint).toContain('BigInt(x)');
  });

  test.each([
    [t.int64(), '5', 'BigInt(text)'],
    [t.int64(), 2n ** 63n, 'a bigint'],
    [t.int64(), null, '.nullable()'],
    [t.int32(), 5n, 'Number(x)'],
    [t.int32(), 2 ** 31, 'a number of int32'],
    [t.int32(), 1.5, 'a number of int32'],
    [t.uint8(), -1, 'a number of uint8'],
    [t.decimal(9, 2), 1.5, 'toFixed(2)'],
    [t.decimal(9, 2), '1.555', 'a string of digits'],
    [t.timestamp(), new Date(0), 'BigInt(date.getTime()) * 1000n'],
    [t.date(), new Date(0), '86_400_000'],
    [t.text(), 5, 'String(x)'],
    [t.text(), '\ud800', 'a string'],
    [t.bool(), 'true', 'true or false'],
    [t.enum('a', 'b'), 'c', '"a", "b"'],
    [t.list(t.int32()), [1, 'x'], 'list<int32>'],
  ])('%o does not take %s', async (column, value, hint) => {
    const error = await giving({ c: value }, toTableSchema({ c: column }));
    expect(error.code).toBe('VP_TS_VALUE');
    expect(error.hint).toContain(hint);
  });

  test.each([
    [t.int8(), -128],
    [t.uint32(), 2 ** 32 - 1],
    [t.int64(), -(2n ** 63n)],
    [t.uint64(), 2n ** 64n - 1n],
    [t.float32(), 0.5],
    [t.float64(), Number.NaN],
    [t.decimal(9, 2), '-1.50'],
    [t.date(), -1],
    [t.time(), 0n],
    [t.timestamp({ tz: 'UTC' }), -1n],
    [t.uuid(), '00000000-0000-0000-0000-0000000000ff'],
    [t.json(), '{"a":1}'],
    [t.binary(), new Uint8Array([1])],
    [t.list(t.text().nullable()), ['a', null]],
    [t.struct({ a: t.int32() }), { a: 1 }],
    [t.map(t.text(), t.int32()), [['k', 1]]],
    [t.text().nullable(), null],
  ])('%o takes %s', async (column, value) => {
    const schema = toTableSchema({ c: column });
    const code = { mode: 'rows', fn: () => ({ c: value }) };
    expect((await rowsOf({ code, schema, rows: people.slice(0, 1) }))[0]).toEqual({ c: value });
  });

  test('missing and unknown columns say what was meant', async () => {
    const missing = await giving({ label: 'x', idd: 1n });
    expect(missing).toMatchObject({ code: 'VP_TS_COLUMN_MISSING' });
    expect(missing.message).toContain('without "id" (row 1). It has "idd": is that it?');
    const unknown = await giving({ id: 1n, lable: 'x' });
    expect(unknown).toMatchObject({ code: 'VP_TS_COLUMN_UNKNOWN' });
    expect(unknown.message).toContain('Did you mean "label"?');
  });

  test('what is no row at all', async () => {
    for (const value of [5, 'text', true, [[1]], [null]]) {
      expect((await giving(value)).code).toBe('VP_TS_RESULT');
    }
  });

  test('values of pii columns are never shown', async () => {
    const schema = toTableSchema({ id: t.int64(), email: t.int32().tag('pii') });
    const error = await giving({ id: 1n, email: 'ada@example.org' }, schema);
    expect(JSON.stringify(error)).not.toContain('ada@');
    expect(error.message).toContain('email: [masked]');
  });
});

describe('errors of the function', () => {
  test('name asset, row, place in the code, and the row with pii masked', async () => {
    const fn = ({ name }: Row) => ({ id: 1n, label: (name as string).toUpperCase() });
    const error = await failureOf({ code: { mode: 'rows', fn } });
    expect(error).toMatchObject({
      code: 'VP_TS_THREW',
      class: 'data',
      at: { file: 'transform.test.ts', row: 2, line: expect.any(Number) },
    });
    expect(error.message).toContain('labels failed at input row 2 (transform.test.ts:');
    expect(error.message).toContain('Row: { id: 2n, name: null, email: [masked] }');
  });

  test('rejections and things that are no Error are the same', async () => {
    const rejecting = async ({ id }: Row) => {
      if (id === 3n) throw new Error('not three');
      return { id };
    };
    expect((await failureOf({ code: { mode: 'rows', fn: rejecting }, batchSize: 9 })).message).toContain(
      'row 3',
    );
    const odd = () => {
      throw 'a string';
    };
    expect((await failureOf({ code: { mode: 'rows', fn: odd } })).message).toContain('a string');
  });

  test('an error of the input stays what it is', async () => {
    const broken = new Error('the input broke');
    async function* batches() {
      yield { length: 1, columns: [[1n], ['a'], ['b']] };
      throw broken;
    }
    const payload: Payload = { carrier: 'rows', format: 'rows', schema: inputSchema, batches: batches() };
    for (const code of [
      { mode: 'rows', fn: () => null },
      {
        mode: 'batches',
        async *fn({ people }: Record<string, AsyncIterable<Row[]>>) {
          for await (const rows of people ?? []) yield rows.map(({ id }) => ({ id }));
        },
      },
    ] as const) {
      const inputs = { people: { ...payload, batches: batches() } };
      await expect(rowsOf({ code, inputs })).rejects.toBe(broken);
    }
  });

  test('an abort ends it with the reason, even while a function hangs', async () => {
    for (const code of [
      { mode: 'rows', fn: () => new Promise(() => undefined) },
      {
        mode: 'batches',
        fn: async function* () {
          await new Promise(() => undefined);
        },
      },
      { mode: 'task', fn: () => new Promise(() => undefined) },
    ]) {
      const context = testContext();
      const reason = new Error('enough');
      setTimeout(() => context.abort(reason), 10);
      await expect(rowsOf({ code, context })).rejects.toBe(reason);
    }
  });
});

describe('batches', () => {
  test('all inputs, as arrays of rows, in any order', async () => {
    const inputs = {
      a: payloadFromRows(people, inputSchema, { batchSize: 2 }),
      b: payloadFromRows(people.slice(0, 1), inputSchema),
    };
    const code = {
      mode: 'batches',
      async *fn({ a, b }: Record<string, AsyncIterable<Row[]>>) {
        const names = new Map<unknown, unknown>();
        for await (const rows of b ?? []) for (const row of rows) names.set(row.id, row.name);
        for await (const rows of a ?? []) yield rows.map(({ id }) => ({ id, label: names.get(id) ?? null }));
      },
    };
    expect(await rowsOf({ code, inputs })).toEqual([
      { id: 1n, label: 'Ada' },
      { id: 2n, label: null },
      { id: 3n, label: null },
    ]);
  });

  test('faults are named by output row, and what is no generator is explained', async () => {
    const second = {
      mode: 'batches',
      *fn() {
        yield [{ id: 1n }, { id: 'x' }];
      },
    };
    expect(await failureOf({ code: second })).toMatchObject({ code: 'VP_TS_VALUE', at: { row: 2 } });
    const row = {
      mode: 'batches',
      *fn() {
        yield { id: 1n };
      },
    };
    expect((await failureOf({ code: row })).message).toContain('arrays of row objects');
    expect((await failureOf({ code: { mode: 'batches', fn: () => 5 } })).message).toContain(
      'async function*',
    );
    const throwing = {
      mode: 'batches',
      *fn() {
        yield [{ id: 1n }];
        throw new TypeError('oh');
      },
    };
    expect(await failureOf({ code: throwing })).toMatchObject({
      code: 'VP_TS_THREW',
      at: { file: 'transform.test.ts' },
    });
  });
});

describe('task', () => {
  test('gives metadata, or nothing', async () => {
    const code = {
      mode: 'task',
      async fn({ people }: Record<string, AsyncIterable<Row[]>>) {
        let rows = 0;
        for await (const batch of people ?? []) rows += batch.length;
        return { rows };
      },
    };
    expect(await start({ code, schema: null })).toEqual({ metadata: { rows: 3 } });
    expect(await start({ code: { mode: 'task', fn: () => undefined }, schema: null })).toEqual({});
  });

  test('metadata has to be JSON', async () => {
    for (const value of [5, { a: { b: 1n } }, { d: new Date(0) }, { n: Number.NaN }]) {
      expect((await failureOf({ code: { mode: 'task', fn: () => value } })).code).toBe('VP_TS_METADATA');
    }
    const deep = await failureOf({ code: { mode: 'task', fn: () => ({ a: { b: 1n } }) } });
    expect(deep.message).toContain('the bigint 1n at a.b');
  });
});

test('what is no transform is refused before anything is read', async () => {
  const one = { mode: 'rows', fn: () => null };
  expect((await failureOf({ code: undefined })).code).toBe('VP_TS_CODE');
  expect((await failureOf({ code: { mode: 'row', fn: () => null } })).message).toContain('"row"');
  expect((await failureOf({ code: { mode: 'rows' } })).message).toContain('no function');
  expect((await failureOf({ code: one, schema: null })).code).toBe('VP_TS_SCHEMA_REQUIRED');
  expect((await failureOf({ code: one, inputs: {} })).code).toBe('VP_TS_INPUTS');
  const files: Payload = { carrier: 'files', format: 'parquet', schema: inputSchema, files: [] };
  expect((await failureOf({ code: one, inputs: { x: files } })).code).toBe('VP_TS_INPUT_FORMAT');
});

test('the function gets the partition, the logger and the signal', async () => {
  const context = testContext();
  const seen: unknown[] = [];
  const fn: RowsCode['fn'] = (_, user) => {
    user.logger.info('seen');
    seen.push(user.partition, user.signal === context.signal);
    return null;
  };
  const { output } = await tsTransform({ project: '/' }).run(
    {
      asset: 'a',
      options: {},
      code: { mode: 'rows', fn },
      inputs: { x: payloadFromRows(people.slice(0, 1), inputSchema) },
      schema: outputSchema,
      partition: { day: '2001-01-01' },
    },
    context,
  );
  if (output !== undefined) await collectRows(output);
  expect(seen).toEqual([{ day: '2001-01-01' }, true]);
  expect(context.logs[0]?.message).toBe('seen');
});
