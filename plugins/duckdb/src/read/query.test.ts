import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartitionBounds, SqlText } from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import { ask, context, input, openEngine, put, rowsOf, sql } from '../../test/support.ts';

async function shop() {
  const opened = openEngine();
  await put(opened.engine, 'orders', "SELECT 1 AS id, 'ann' AS customer");
  await put(opened.engine, 'shop.items', 'SELECT 1 AS order_id, 2.50 AS price');
  return opened;
}

describe('texts in which assets are tables', () => {
  test.each([
    'SELECT customer, price FROM orders JOIN shop.items ON id = order_id',
    'FROM orders JOIN "shop.items" i ON orders.id = i.order_id SELECT customer, price;',
    'WITH o AS (FROM orders) SELECT o.customer, (SELECT max(price) FROM shop.items) FROM o -- done',
    "SELECT * FROM (VALUES ('ann', 2.50::DECIMAL(3,2)))",
  ])('%s', async (text) => {
    const { engine } = await shop();
    expect(await ask(engine, text)).toEqual([['ann', '2.50']]);
  });

  test.each([
    'DESCRIBE orders',
    'SUMMARIZE orders',
    'EXPLAIN SELECT * FROM orders',
    "SELECT * FROM (PIVOT orders ON customer IN ('ann'))",
  ])('%s is a query', async (text) => {
    const { engine } = await shop();
    expect((await ask(engine, text)).length).toBeGreaterThan(0);
  });

  test('a text sees a new snapshot at once, and a stream keeps the one that it began with', async () => {
    const { engine } = openEngine();
    await put(engine, 'big', 'SELECT range AS i, 1 AS version FROM range(100_000)');
    const result = await engine.query({ text: 'SELECT version FROM big' }, context());
    await put(engine, 'big', 'SELECT 1 AS i, 2 AS version');
    expect(new Set((await rowsOf(result)).flat())).toEqual(new Set([1]));
    expect(await ask(engine, 'SELECT version FROM big')).toEqual([[2]]);
  });

  test('types without a counterpart are shown as text', async () => {
    const { engine } = openEngine();
    const result = await engine.query(
      { text: "SELECT '0101'::BIT AS b, 170141183460469231731687303715884105727 AS h" },
      context(),
    );
    expect(result.schema.fields.map((f) => f.type.kind)).toEqual(['utf8', 'decimal']);
    expect(await rowsOf(result)).toEqual([['0101', '170141183460469231731687303715884105727']]);
  });
});

describe('texts that are refused', () => {
  test.each<[text: string, error: object, says: RegExp]>([
    [
      'SELECT * FROM ordrs',
      { code: 'VP_DUCKDB_TABLE_UNKNOWN', class: 'user', at: { line: 1, column: 15 } },
      /Did you mean "orders"\?/,
    ],
    [
      'SELECT id,\n  custmer\nFROM orders',
      { code: 'VP_DUCKDB_COLUMN_UNKNOWN', at: { line: 2, column: 3 } },
      /Did you mean "customer"\?\n2 \| {3}custmer\n {6}\^/,
    ],
    [
      "SELECT 'ü', custmer FROM orders",
      { code: 'VP_DUCKDB_COLUMN_UNKNOWN', at: { line: 1, column: 13 } },
      /customer/,
    ],
    ['SELECT id\nFORM orders', { code: 'VP_DUCKDB_SQL_SYNTAX', at: { line: 2 } }, /syntax error/],
    ['SELECT lowr(customer) FROM orders', { code: 'VP_DUCKDB_SQL', at: { line: 1, column: 8 } }, /lower/],
    ['SELECT customer::INTEGER FROM orders', { code: 'VP_DUCKDB_VALUE', class: 'data' }, /ann/],
    ['DELETE FROM orders', { code: 'VP_DUCKDB_NOT_A_QUERY' }, /no SELECT/],
    ["COPY (SELECT 1) TO '/tmp/x.csv'", { code: 'VP_DUCKDB_NOT_A_QUERY' }, /SELECT/],
    ["EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/x.csv'", { code: 'VP_DUCKDB_NOT_A_QUERY' }, /SELECT/],
    ['SET threads = 1', { code: 'VP_DUCKDB_NOT_A_QUERY' }, /SELECT/],
    ['SELECT 1; SELECT 2', { code: 'VP_DUCKDB_NOT_A_QUERY' }, /2 statements/],
    ['  ', { code: 'VP_DUCKDB_NOT_A_QUERY' }, /empty/],
    ["SELECT * FROM read_csv('/etc/passwd')", { code: 'VP_DUCKDB_ACCESS_DENIED' }, /outside the project/],
    ["SELECT * FROM '/etc/passwd.csv'", { code: 'VP_DUCKDB_ACCESS_DENIED' }, /outside the project/],
    ["SELECT * FROM read_text('data/../../x')", { code: 'VP_DUCKDB_ACCESS_DENIED' }, /outside the project/],
    ["SELECT * FROM read_text('/etc/' || 'passwd')", { code: 'VP_DUCKDB_ACCESS_DENIED' }, /no plain text/],
    [
      "SELECT (SELECT content FROM read_text(['/etc/passwd']))",
      { code: 'VP_DUCKDB_ACCESS_DENIED' },
      /outside/,
    ],
    ["FROM query('SELECT 1')", { code: 'VP_DUCKDB_ACCESS_DENIED' }, /query/],
  ])('%s', async (text, error, says) => {
    const { engine } = await shop();
    await expect(engine.query({ text }, context()).then(rowsOf)).rejects.toMatchObject({
      ...error,
      message: expect.stringMatching(says),
    });
  });

  test('files below the project are read', async () => {
    const { engine, project } = openEngine();
    writeFileSync(join(project, 'x.csv'), 'a\n1\n');
    expect(await ask(engine, `SELECT a FROM read_csv('${join(project, 'x.csv')}')`)).toEqual([[1n]]);
  });
});

describe('texts with parts', () => {
  const value = (v: string | number | boolean | null | readonly number[]) =>
    ({ kind: 'value', value: v }) as const;
  const run = async (text: SqlText, partition?: Record<string, PartitionBounds>) => {
    const { engine } = await shop();
    const query = {
      sql: text,
      inputs: { o: { asset: 'orders' } },
      ...(partition === undefined ? {} : { partition }),
    };
    return rowsOf(await engine.query(query, context()));
  };

  test('inputs, columns, values and bounds are filled in', async () => {
    const text = sql`SELECT ${{ kind: 'column', name: 'customer' }}, ${value("it's")}, ${value(0.1)} = 0.1, id IN ${value([1, 2])},
      DATE '2001-01-01' >= ${value('2001-01-01')}, ${{ kind: 'partition', bound: 'start' }}, ${{ kind: 'partition', bound: 'key' }}
      FROM ${input('o')} WHERE o.id < ${{ kind: 'partition', bound: 'end' }}::DATE - DATE '2001-01-01'`;
    const partition = {
      day: { key: '2001-01-01', start: '2001-01-01T00:00:00Z', end: '2001-01-03T00:00:00Z' },
    };
    expect(await run(text, partition)).toEqual([
      ['ann', "it's", true, true, true, 978_307_200_000_000n, '2001-01-01'],
    ]);
  });

  test('a number has the type that it would have in SQL, and what does not fit it is an error of the text', async () => {
    const text = sql`SELECT typeof(${value(1)}), typeof(${value(2 ** 40)}), typeof(${value(-1.5)}), count(*) FROM range(${value(7)})`;
    expect(await run(text)).toEqual([['INTEGER', 'BIGINT', 'DECIMAL(2,1)', 7n]]);
    await expect(run(sql`SELECT upper(${value(1)}, 2)`)).rejects.toMatchObject({
      code: 'VP_DUCKDB_SQL',
    });
  });

  test('a snapshot of a query has its columns also when they hang on a value', async () => {
    const { engine } = await shop();
    for (const [text, names] of [
      [sql`SELECT i, upper('a') AS u FROM range(${value(3)}) r(i)`, ['i', 'u']],
      [sql`SELECT i FROM range(${value(3)}) r(i)`, ['i']],
    ] as const) {
      const input = { kind: 'query', query: { sql: text, inputs: {} } } as const;
      const staged = await engine.stage({ target: { asset: 'made' }, input }, context());
      expect(staged.schema.fields.map((f) => f.name)).toEqual(names);
      await staged.discard();
    }
  });

  test('errors point into what the author wrote', async () => {
    const text = sql`SELECT ${value(1)},
  custmer FROM ${input('o')}`;
    await expect(run(text)).rejects.toMatchObject({
      code: 'VP_DUCKDB_COLUMN_UNKNOWN',
      at: { line: 2, column: 3 },
    });
    await expect(run(sql`FROM ${input('p')}`)).rejects.toThrow(/input "p"/);
    await expect(run(sql`SELECT ${{ kind: 'partition', bound: 'start' }}`)).rejects.toMatchObject({
      code: 'VP_DUCKDB_INPUT_UNKNOWN',
    });
  });
});

test('an abort ends a query within a second, and the engine goes on', async () => {
  const { engine } = openEngine();
  const endless = 'SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b';
  const reason = new Error('enough');
  const controller = new AbortController();
  const started = performance.now();
  setTimeout(() => controller.abort(reason), 150);
  await expect(engine.query({ text: endless }, context(controller.signal)).then(rowsOf)).rejects.toBe(reason);
  const staging = new AbortController();
  setTimeout(() => staging.abort(reason), 150);
  const query = { sql: { strings: [endless], parts: [] }, inputs: {} };
  await expect(
    engine.stage({ target: { asset: 'a' }, input: { kind: 'query', query } }, context(staging.signal)),
  ).rejects.toBe(reason);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await ask(engine, 'SELECT 1')).toEqual([[1]]);
});

test('a query that needs more memory than it may use says which setting to raise', async () => {
  const { engine } = openEngine({ memory_limit: '40MB', threads: 1 });
  const text =
    "SELECT max(length(l)) FROM (SELECT list(repeat('x', 200) || range) AS l FROM range(3_000_000))";
  await expect(engine.query({ text }, context()).then(rowsOf)).rejects.toMatchObject({
    code: 'VP_DUCKDB_OUT_OF_MEMORY',
    hint: expect.stringContaining('memory_limit'),
  });
});
