import type { LogicalType, TableSchema } from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import { ask, fields, openEngine, put, rowsPayload, stageParts } from '../../test/support.ts';

const one = (type: LogicalType, nullable = true): TableSchema => fields({ x: type }, nullable);

describe('declared columns', () => {
  test.each<[sql: string, type: LogicalType, shown: unknown]>([
    ['7::TINYINT', { kind: 'int64' }, 7n],
    ['7::BIGINT', { kind: 'int8' }, 7],
    ['sum(7::BIGINT)', { kind: 'int64' }, 7n],
    ["'7'", { kind: 'int32' }, 7],
    ["'7.00'", { kind: 'int32' }, 7],
    ["'1.50'", { kind: 'decimal', precision: 4, scale: 1 }, '1.5'],
    ["'open'", { kind: 'enum', values: ['open', 'paid'] }, 'open'],
    ["'ü'", { kind: 'binary' }, new Uint8Array([0xc3, 0xbc])],
    [
      "TIMESTAMPTZ '2001-01-01 00:00:01+00'",
      { kind: 'timestamp', unit: 's', tz: 'Europe/Berlin' },
      978_307_201_000_000n,
    ],
    ['[1, 2]', { kind: 'list', item: { type: { kind: 'int64' }, nullable: false } }, [1n, 2n]],
    [
      "{'a': '1', 'b': 2}",
      {
        kind: 'struct',
        fields: [
          { name: 'b', type: { kind: 'int64' }, nullable: true },
          { name: 'a', type: { kind: 'int8' }, nullable: true },
        ],
      },
      { b: 2n, a: 1 },
    ],
    ['NULL::VARCHAR', { kind: 'uuid' }, null],
  ])('%s is kept as %o', async (sql, type, shown) => {
    const { engine } = openEngine();
    const snapshot = await put(engine, 'a', `SELECT ${sql} AS x`, { schema: one(type) });
    expect(snapshot.schema).toEqual(one(type));
    expect(await ask(engine, 'SELECT x FROM a')).toEqual([[shown]]);
  });

  test.each<[sql: string, type: LogicalType, code: string, says: RegExp]>([
    ['1.5::DOUBLE', { kind: 'int64' }, 'VP_DUCKDB_SCHEMA_TYPE', /Column "x" is float64, declared is int64/],
    [
      "TIMESTAMP_NS '2001-01-01'",
      { kind: 'timestamp', unit: 'us' },
      'VP_DUCKDB_SCHEMA_TYPE',
      /Digits below 1 us/,
    ],
    ["DATE '2001-01-01'", { kind: 'bool' }, 'VP_DUCKDB_SCHEMA_TYPE', /no mapping/],
    ['300', { kind: 'int8' }, 'VP_DUCKDB_VALUE', /Column "x".*300/s],
    ["'1.5'", { kind: 'int32' }, 'VP_DUCKDB_VALUE', /Column "x": "1.5" does not fit int32/],
    ["'15e-1'", { kind: 'int32' }, 'VP_DUCKDB_VALUE', /whole number/],
    ["'1.239'", { kind: 'decimal', precision: 4, scale: 2 }, 'VP_DUCKDB_VALUE', /1\.239/],
    ["'2001-01-01 10:00'", { kind: 'date' }, 'VP_DUCKDB_VALUE', /time of day/],
    ["'2001-01-01 10:00:00.1234567'", { kind: 'timestamp', unit: 'us' }, 'VP_DUCKDB_VALUE', /below 1 us/],
    ["'lost'", { kind: 'enum', values: ['open'] }, 'VP_DUCKDB_VALUE', /lost/],
    [
      "TIMESTAMPTZ '2001-01-01 00:00:01.5+00'",
      { kind: 'timestamp', unit: 's', tz: 'UTC' },
      'VP_DUCKDB_VALUE',
      /below the unit/,
    ],
    [
      '[1, NULL]',
      { kind: 'list', item: { type: { kind: 'int32' }, nullable: false } },
      'VP_DUCKDB_NULL',
      /x\[\]/,
    ],
    ["'0101'::BIT", { kind: 'utf8' }, 'VP_DUCKDB_TYPE_UNSUPPORTED', /CAST\(x AS VARCHAR\)|BIT/],
  ])('%s as %o is refused', async (sql, type, code, says) => {
    const { engine } = openEngine();
    // Behind a table, so that DuckDB does not compute it while it plans.
    const text = `SELECT ${sql} AS x FROM range(3)`;
    await expect(put(engine, 'a', text, { schema: one(type) })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
    expect(await engine.snapshots()).toEqual([]);
  });

  test.each<[type: LogicalType, sql: string]>([
    [{ kind: 'utf8' }, "CASE WHEN range = 1 THEN NULL ELSE 'x' END"],
    [
      { kind: 'list', item: { type: { kind: 'int32' }, nullable: true } },
      'CASE WHEN range = 1 THEN NULL ELSE [1] END',
    ],
  ])('NULL in a column declared without it is refused: %o', async (type, sql) => {
    const { engine } = openEngine();
    await expect(
      put(engine, 'a', `SELECT ${sql} AS x FROM range(3)`, { schema: one(type, false) }),
    ).rejects.toMatchObject({
      code: 'VP_DUCKDB_NULL',
      message: expect.stringContaining('Column "x" is declared without NULL'),
    });
  });

  test('columns take the declared order; missing and extra ones are named', async () => {
    const { engine } = openEngine();
    const schema = fields({ id: { kind: 'int32' }, name: { kind: 'utf8' } });
    await put(engine, 'a', "SELECT 'n' AS NAME, 1 AS id", { schema });
    expect(await ask(engine, 'FROM a')).toEqual([[1, 'n']]);
    await expect(put(engine, 'a', "SELECT 1 AS id, 'n' AS nmae, 2 AS z", { schema })).rejects.toThrow(
      'Missing: "name". Did you mean "nmae"? Not declared: "nmae", "z".',
    );
    await expect(put(engine, 'a', 'SELECT 1 AS x, 2 AS X')).rejects.toMatchObject({
      code: 'VP_DUCKDB_COLUMN_DUPLICATE',
    });
  });
});

test('values that JavaScript gives are checked against their column', async () => {
  const { engine } = openEngine();
  const cases: readonly [LogicalType, string | number | bigint][] = [
    [{ kind: 'int8' }, 128],
    [{ kind: 'int32' }, 1.5],
    [{ kind: 'int64' }, 1],
    [{ kind: 'uint64' }, -1n],
    [{ kind: 'decimal', precision: 3, scale: 1 }, '1.25'],
    [{ kind: 'uuid' }, 'no'],
    [{ kind: 'enum', values: ['a'] }, 'b'],
    [{ kind: 'utf8' }, '\ud800'],
    [{ kind: 'date' }, 2 ** 31],
  ];
  for (const [type, value] of cases) {
    const parts = [rowsPayload(one(type), [[value]])];
    await expect(stageParts(engine, parts)).rejects.toMatchObject({ code: 'VP_DUCKDB_VALUE' });
  }
  async function* batches() {
    yield { length: 2, columns: [[1]] };
  }
  const ragged = {
    carrier: 'rows',
    format: 'rows',
    schema: one({ kind: 'int8' }),
    batches: batches(),
  } as const;
  await expect(stageParts(engine, [ragged])).rejects.toMatchObject({ code: 'VP_DUCKDB_BATCH' });
});
