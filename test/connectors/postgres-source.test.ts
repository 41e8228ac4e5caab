import { collectRows, type Row, t, toTableSchema, type Value } from '@vp/plugin-sdk';
import { sourceConformance, testContext } from '@vp/plugin-sdk/testing';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, kernelOf, openDatabase, openSource, plugin, rowsOf, server } from './lib.ts';

const database = 'source';
let db: Client;

beforeAll(async () => {
  if (hasPostgres) db = await openDatabase(database);
});
afterAll(() => db?.end());

describe.skipIf(!hasPostgres)('PostgreSQL as a source', () => {
  const rows: readonly Row[] = [
    { id: 1n, amount: '10.50', at: 1_700_000_000_123_456n, note: null, ok: true },
    {
      id: 9_223_372_036_854_775_807n,
      amount: '-0.01',
      at: -62_200_000_000_000_000n,
      note: 'a,"b"\n\\',
      ok: null,
    },
    { id: -1n, amount: '0.00', at: 253_402_300_800_000_000n, note: '', ok: false },
  ];
  const insert = async (added: readonly Row[]) => {
    for (const { id, amount, at, note, ok } of added)
      await db.query(
        `insert into laws values ($1, $2, timestamptz 'epoch' + $3 * interval '1 microsecond', $4, $5)`,
        [String(id), amount, String(at), note, ok],
      );
  };

  sourceConformance({
    id: 'postgres',
    from: plugin,
    timeoutMs: 20_000,
    async create() {
      await db.query('drop table if exists laws');
      await db.query(
        'create table laws (id bigint primary key, amount numeric(12,2) not null, at timestamptz not null, note text, ok bool)',
      );
      await insert(rows);
      const kernel = await kernelOf(database);
      const broken = await kernelOf(database, { password: 'not-the-password' });
      return {
        open: () => openSource(kernel),
        openBroken: () => openSource(broken),
        options: { table: 'public.laws' },
        missing: { table: 'public.nothing' },
        endless: { query: 'select generate_series(1, 1000000000) as n, pg_sleep(0)::text' },
        schema: toTableSchema({
          id: t.int64(),
          amount: t.decimal(12, 2),
          at: t.timestamp({ tz: 'UTC' }),
          note: t.text().nullable(),
          ok: t.bool().nullable(),
        }),
        rows,
        decoders: { 'postgres-copy': async () => rows },
        append: insert,
        moreRows: [{ id: 5n, amount: '1.00', at: 0n, note: 'more', ok: true }],
        secrets: ['not-the-password', server.password],
        async dispose() {
          await kernel[Symbol.asyncDispose]();
          await broken[Symbol.asyncDispose]();
        },
      };
    },
  });

  test.each<[string, string, string, Value]>([
    ['int2', '-32768', 'int16', -32_768],
    ['int8', '9223372036854775807', 'int64', 9_223_372_036_854_775_807n],
    [
      'numeric(1000,500)',
      `${'9'.repeat(500)}.${'1'.repeat(500)}`,
      'decimal(1000,500)',
      `${'9'.repeat(500)}.${'1'.repeat(500)}`,
    ],
    ['numeric', "'NaN'", 'utf8', 'NaN'],
    ['numeric(10,4)', '-0.0001', 'decimal(10,4)', '-0.0001'],
    ['float8', "'-Infinity'", 'float64', Number.NEGATIVE_INFINITY],
    ['float4', '3.4028235e38', 'float32', 3.4028234663852886e38],
    ['date', "'4713-01-01 BC'", 'date', -2_440_550],
    ['timestamp', "'294276-12-31 23:59:59.999999'", 'timestamp(us)', 9_224_318_015_999_999_999n],
    ['time', "'24:00'", 'time(us)', 86_400_000_000n],
    ['timetz', "'12:00+02'", 'utf8', '12:00:00+02'],
    ['interval', "'1 mon -2 days 3.000004 s'", 'interval', { months: 1, days: -2, nanos: 3_000_004_000n }],
    ['uuid', "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['json', `'{"b":1,"a":1.10}'`, 'json', '{"b":1,"a":1.10}'],
    ['bytea', "'\\x00ff'", 'binary', Uint8Array.of(0, 255)],
    ['int[]', "'{1,NULL,3}'", 'list<int32?>', [1, null, 3]],
    [
      'int[][]',
      "'{{1,2},{3,NULL}}'",
      'list<list<int32?>>',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ['text[]', `'{"a,b",NULL,""}'`, 'list<utf8?>', ['a,b', null, '']],
    ['inet', "'10.0.0.1/8'", 'utf8', '10.0.0.1/8'],
    ['varbit', "B'101'", 'utf8', '101'],
    ['money', '12.34', 'utf8', '$12.34'],
    ['int4range', "'[1,5)'", 'utf8', '[1,5)'],
    ['point', "'(1,2)'", 'utf8', '(1,2)'],
  ])('%s %s is %s', async (type, literal, _logical, expected) => {
    await db.query('drop table if exists types');
    await db.query(`create table types (x ${type})`);
    await db.query(`insert into types values (${literal})`);
    await using kernel = await kernelOf(database);
    const { rows: read } = await rowsOf(await openSource(kernel), { table: 'types' });
    expect(read).toEqual([{ x: expected }]);
  });

  test('what no date can be is refused with the column, and readable as text', async () => {
    await db.query(
      `drop table if exists types; create table types (until date); insert into types values ('infinity')`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    await expect(rowsOf(source, { table: 'types' })).rejects.toMatchObject({
      code: 'VP_POSTGRES_VALUE',
      message: 'Column "until" holds infinity, which is no date.',
    });
    const { rows: read } = await rowsOf(source, { table: 'types', columns: { until: 'utf8' } });
    expect(read).toEqual([{ until: 'infinity' }]);
  });

  test('a big table is read in parts of one snapshot', async () => {
    await db.query(
      'drop table if exists big; create table big as select i, md5(i::text) as h from generate_series(1, 200000) i',
    );
    await db.query('analyze big');
    await using kernel = await kernelOf(database);
    const read = await rowsOf(await openSource(kernel), { table: 'big' }, { parallelism: 4 });
    expect(read.parts).toBe(4);
    expect(new Set(read.rows.map(({ i }) => i)).size).toBe(200_000);
  });

  test('a cursor goes on where the last read ended, and rows that tie with it are neither lost nor doubled', async () => {
    await db.query(
      'drop table if exists ticks; create table ticks (id int primary key, at timestamptz not null)',
    );
    await db.query(`insert into ticks values (1, '2024-01-01'), (2, '2024-01-02')`);
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const options = { table: 'ticks', cursor: 'at' };
    const read = async (state?: unknown) => {
      const opened = await source.read(
        { options, format: 'rows', ...(state === undefined ? {} : { state: state as never }) },
        testContext(),
      );
      const found = (await Promise.all(opened.parts.map(collectRows))).flat().map(({ id }) => id);
      const next = await opened.state();
      await opened.close();
      return { found, next };
    };
    const first = await read();
    expect(first.found).toEqual([1, 2]);
    await db.query(`insert into ticks values (3, '2024-01-02'), (4, '2024-01-03')`);
    const second = await read(first.next);
    expect(second.found).toEqual([3, 4]);
    expect((await read(second.next)).found).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a host that nobody knows', { host: 'nothing.invalid' }, 'VP_POSTGRES_HOST_UNKNOWN'],
    ['a port where nothing listens', { port: 1 }, 'VP_POSTGRES_REFUSED'],
    ['a wrong password', { password: 'wrong' }, 'VP_POSTGRES_PASSWORD'],
    ['a database that is not there', { database: 'nothing' }, 'VP_POSTGRES_DATABASE_MISSING'],
    ['a certificate that nobody signed', { tls: 'verify-full' }, 'VP_POSTGRES_TLS_UNTRUSTED'],
  ])('%s has its own code', async (_name, over, code) => {
    await using kernel = await kernelOf(database, over);
    const report = await (await openSource(kernel)).check(testContext());
    expect(report.ok).toBe(false);
    expect(report.message).toMatch(new RegExp(`^${code}: `));
    expect(report.message).not.toContain('wrong"');
  });

  test('a certificate is checked against its authority', async () => {
    await using kernel = await kernelOf(database, { tls: 'verify-full', ca: server.ca });
    expect(await (await openSource(kernel)).check(testContext())).toMatchObject({ ok: true });
  });

  test('a server that dies under a read is told as that', async () => {
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const read = await source.read(
      { options: { query: 'select generate_series(1, 100000000) as n' }, format: 'rows' },
      testContext(),
    );
    const [part] = read.parts;
    if (part?.carrier !== 'rows') throw new Error('rows');
    const drain = async () => {
      for await (const _ of part.batches) {
        await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy%'`);
      }
    };
    await expect(drain()).rejects.toMatchObject({ code: 'VP_POSTGRES_GONE', class: 'transient' });
    await read.close();
  });
});
