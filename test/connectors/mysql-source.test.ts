import { collectRows, type Row, t, toTableSchema, type Value } from '@vp/plugin-sdk';
import { sourceConformance, testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasMariaDb,
  kernelOf,
  openDatabase,
  openSource,
  plugin,
  rowsOf,
  server,
  type TestDatabase,
} from './mysql-lib.ts';
import { startProxy } from './proxy.ts';

const database = 'source';
let db: TestDatabase;

beforeAll(async () => {
  if (hasMariaDb) db = await openDatabase(database);
});
afterAll(() => db?.end());

describe.skipIf(!hasMariaDb)('MariaDB as a source', () => {
  const rows: readonly Row[] = [
    { id: 1n, amount: '10.50', at: 1_700_000_000_123_456n, note: null, ok: true },
    {
      id: 9_223_372_036_854_775_807n,
      amount: '-0.01',
      at: 1_000_000n,
      note: 'a,"b"\n\\ €😀',
      ok: null,
    },
    { id: -1n, amount: '0.00', at: 2_147_483_647_999_999n, note: '', ok: false },
  ];
  const insert = async (added: readonly Row[]) => {
    for (const { id, amount, at, note, ok } of added)
      await db.query(
        `insert into laws values (?, ?, timestamp '1970-01-01 00:00:00' + interval ? microsecond, ?, ?)`,
        [String(id), amount, String(at), note, ok],
      );
  };

  sourceConformance({
    id: 'mysql',
    from: plugin,
    timeoutMs: 20_000,
    async create() {
      await db.query(
        `drop table if exists laws;
         create table laws (id bigint primary key, amount decimal(12,2) not null, at timestamp(6) not null,
                            note text, ok bool)`,
      );
      await insert(rows);
      const kernel = await kernelOf(database);
      const broken = await kernelOf(database, { password: 'not-the-password' });
      const proxy = await startProxy(server);
      const proxied = await kernelOf(database, { port: proxy.port, tls: 'disable' });
      return {
        open: () => openSource(kernel),
        openBroken: () => openSource(broken),
        openDenied: () => openSource(broken),
        openSilent: async () => {
          proxy.silence(true);
          return openSource(proxied);
        },
        openFlaky: async (nth) => {
          proxy.stumbleAt(nth);
          return openSource(proxied);
        },
        options: { table: 'source.laws', cursor: 'at' },
        cursor: 'at',
        missing: { table: 'source.nothing' },
        endless: { query: 'select seq as n from seq_1_to_1000000000' },
        schema: toTableSchema({
          id: t.int64(),
          amount: t.decimal(12, 2),
          at: t.timestamp({ tz: 'UTC' }),
          note: t.text().nullable(),
          ok: t.bool().nullable(),
        }),
        rows,
        append: insert,
        moreRows: [{ id: 5n, amount: '1.00', at: 2_147_483_647_999_999n, note: 'more', ok: true }],
        secrets: ['not-the-password', server.password],
        async dispose() {
          await kernel[Symbol.asyncDispose]();
          await broken[Symbol.asyncDispose]();
          await proxied[Symbol.asyncDispose]();
          await proxy.close();
        },
      };
    },
  });

  test.each<[string, string, Value]>([
    ['tinyint', '-128', -128],
    ['tinyint unsigned', '255', 255],
    ['tinyint(1)', '1', true],
    ['mediumint unsigned', '16777215', 16_777_215],
    ['int(6) zerofill', '42', 42],
    ['int unsigned', '4294967295', 4_294_967_295],
    ['bigint', '-9223372036854775808', -9_223_372_036_854_775_808n],
    ['bigint unsigned', '18446744073709551615', 18_446_744_073_709_551_615n],
    ['decimal(65,30)', `-${'9'.repeat(35)}.${'1'.repeat(30)}`, `-${'9'.repeat(35)}.${'1'.repeat(30)}`],
    ['decimal(5,2) zerofill', '0.5', '0.50'],
    ['float', '16777217.5', 16_777_218],
    ['float', '3.4028234e38', 3.4028234663852886e38],
    ['float', '0.1', Math.fround(0.1)],
    ['double', '-1.7976931348623157e308', -1.7976931348623157e308],
    ['double', '5e-324', 5e-324],
    ['bit(1)', "b'1'", true],
    ['bit(64)', '18446744073709551615', 18_446_744_073_709_551_615n],
    ['year', '2155', 2155],
    ['year', "'0000'", 0],
    ['date', "'0001-01-01'", -719_162],
    ['date', "'9999-12-31'", 2_932_896],
    ['datetime', "'1000-01-01 23:59:59'", -30_610_137_601n],
    ['datetime(3)', "'2024-02-29 00:00:00.120'", 1_709_164_800_120n],
    ['datetime(6)', "'9999-12-31 23:59:59.999999'", 253_402_300_799_999_999n],
    ['timestamp(6) null', "'2038-01-19 03:14:07.999999'", 2_147_483_647_999_999n],
    ['time', "'23:59:59'", 86_399n],
    ['time(2)', "'00:00:00.25'", 250n],
    ['time(6)', "'24:00:00'", 86_400_000_000n],
    ['char(4)', "'a€😀'", 'a€😀'],
    ['varchar(9) character set latin1', "'é'", 'é'],
    ['longtext', "'\\0 \\\\ \\n'", '\0 \\ \n'],
    ['text', "''", ''],
    ['binary(3)', "x'00ff'", Uint8Array.of(0, 255, 0)],
    ['longblob', "x'00fe5c0a'", Uint8Array.of(0, 0xfe, 0x5c, 0x0a)],
    ["enum('a','it''s, b')", "'it''s, b'", "it's, b"],
    ["set('x','y','z')", "'x,z'", 'x,z'],
    ['json', `'{"b":1,"a":1.10,"b":12345678901234567890}'`, '{"b":1,"a":1.10,"b":12345678901234567890}'],
    ['uuid', "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['inet6', "'::ffff:1.2.3.4'", '::ffff:1.2.3.4'],
    [
      'point',
      "st_geomfromtext('point(1 2)', 4326)",
      Uint8Array.from(Buffer.from('e61000000101000000000000000000f03f0000000000000040', 'hex')),
    ],
  ])('%s %s', async (type, literal, expected) => {
    await db.query(
      `drop table if exists types; create table types (x ${type}); insert into types values (${literal})`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    expect((await rowsOf(source, { table: 'types' })).rows).toEqual([{ x: expected }]);
    // A query is told by the wire alone; only what its metadata leaves out may differ in type, never in text.
    const { rows: queried } = await rowsOf(source, { query: 'select x from types' });
    expect(String(queried[0]?.x)).toBe(String(expected));
  });

  test.each<[string, string, string, string, string, Value]>([
    ['date', "'0000-00-00'", '0000-00-00, which is no date', 'utf8', 'date', '0000-00-00'],
    [
      'datetime',
      "'2024-02-00 01:02:03'",
      '2024-02-00 01:02:03, which is no',
      'utf8',
      'x',
      '2024-02-00 01:02:03',
    ],
    ['time(6)', "'-838:59:59.000001'", '-838:59:59.000001, which is no', 'utf8', 'x', '-838:59:59.000001'],
    [
      ...(['time(6)', "'-838:59:58.999999'", '-838:59:58.999999', 'interval', 'x'] as const),
      { months: 0, days: 0, nanos: -3_020_398_999_999_000n },
    ],
    ['tinyint(1)', '7', '7, which is no bool', 'int8', 'x', 7],
    ["enum('a')", "'b'", '"", which is no value of the enum', 'utf8', 'x', ''],
  ])('%s %s is refused by name and readable otherwise', async (type, literal, words, as, _hint, value) => {
    await db.query(
      `drop table if exists types; create table types (x ${type}); insert into types values (${literal})`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    await expect(rowsOf(source, { table: 'types' })).rejects.toMatchObject({
      code: 'VP_MYSQL_VALUE',
      message: expect.stringContaining(`Column "x" holds ${words}`),
    });
    const { rows: read } = await rowsOf(source, { table: 'types', columns: { x: as } });
    expect(read).toEqual([{ x: value }]);
  });

  test('a big table is read in parts of one snapshot, whatever is written meanwhile', async () => {
    await db.query(
      `drop table if exists big; create table big (i bigint primary key, h char(32));
       insert into big select seq, md5(seq) from seq_1_to_200000; analyze table big`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const read = await source.read(
      { options: { table: 'big' }, format: 'rows', parallelism: 3 },
      testContext(),
    );
    expect(read.parts.length).toBe(3);
    await db.query('delete from big where i % 2 = 0; insert into big values (-5, 1)');
    const found = (await Promise.all(read.parts.map(collectRows))).flat().map(({ i }) => i);
    await read.close();
    expect(found.length).toBe(200_000);
    expect(new Set(found).size).toBe(200_000);
  });

  test('a cursor goes on where the last read ended, and rows that tie with it are neither lost nor doubled', async () => {
    await db.query(
      `drop table if exists ticks; create table ticks (id varchar(9) collate utf8mb4_general_ci, n decimal(30,2) not null,
                                                       at datetime(6) not null, key (at));
       insert into ticks values ('A', 1, '2024-01-01'), ('b', 90071992547409930.01, '2024-01-02')`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const read = async (options: Readonly<Record<string, unknown>>, state?: unknown) => {
      const request = { options: { table: 'ticks', key: ['id'], ...options } as never, format: 'rows' };
      const opened = await source.read(
        { ...request, ...(state === undefined ? {} : { state: state as never }) },
        testContext(),
      );
      const found = (await Promise.all(opened.parts.map(collectRows))).flat().map(({ id }) => id);
      const next = await opened.state();
      await opened.close();
      return { found: found.toSorted(), next };
    };
    const first = await read({ cursor: 'at' });
    const numbers = await read({ cursor: 'n' });
    expect(first.found).toEqual(['A', 'b']);
    // "B" is "b" to the column's collation, and another row all the same.
    await db.query(
      `insert into ticks values ('B', 90071992547409930.01, '2024-01-02'), ('d', 90071992547409930.02, '2024-01-03')`,
    );
    const second = await read({ cursor: 'at' }, first.next);
    expect(second.found).toEqual(['B', 'd']);
    expect((await read({ cursor: 'n' }, numbers.next)).found).toEqual(['B', 'd']);
    expect((await read({ cursor: 'at' }, second.next)).found).toEqual([]);
    expect((await read({ cursor: 'at', lag: '1 day' }, second.next)).found).toEqual(['B', 'b', 'd']);
    expect(
      (await read({ cursor: 'n', lag: '0.01' }, { cursor: '90071992547409930.02', ties: [] })).found,
    ).toEqual(['B', 'b', 'd']);
  });

  test('discover gives keys, comments and names that need quoting', async () => {
    const name = 'odd `name`. with "all"';
    await db.query(
      `create table \`${name.replaceAll('`', '``')}\` (\`select\` int comment 'what', \`${'ü'.repeat(64)}\` int, primary key (\`select\`)) comment 'a table'`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const stream = (await source.discover({}, testContext())).find(({ name: label }) =>
      label.includes('odd'),
    );
    expect(stream).toMatchObject({
      description: 'a table',
      schema: {
        key: ['select'],
        fields: [{ name: 'select', description: 'what' }, { name: 'ü'.repeat(64) }],
      },
    });
    expect((await rowsOf(source, { table: String(stream?.options.table) })).rows).toEqual([]);
    await expect(rowsOf(source, { table: 'lawz' })).rejects.toMatchObject({
      code: 'VP_MYSQL_TABLE_MISSING',
      message: expect.stringContaining('source.laws'),
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a host that nobody knows', { host: 'nothing.invalid' }, 'VP_MYSQL_HOST_UNKNOWN'],
    ['a port where nothing listens', { port: 1 }, 'VP_MYSQL_REFUSED'],
    ['a wrong password', { password: 'wrong' }, 'VP_MYSQL_PASSWORD'],
    ['a database that is not there', { database: 'nothing' }, 'VP_MYSQL_DATABASE_MISSING'],
    ['a certificate that nobody signed', { tls: 'verify-full' }, 'VP_MYSQL_TLS_UNTRUSTED'],
  ])('%s has its own code', async (_name, over, code) => {
    await using kernel = await kernelOf(database, over);
    const report = await (await openSource(kernel)).check(testContext());
    expect(report.ok).toBe(false);
    expect(report.message).toMatch(new RegExp(`^${code}: `));
    expect(report.message).not.toContain('wrong"');
  });

  test('a certificate is checked against its authority, and for the address', async () => {
    await using kernel = await kernelOf(database, { tls: 'verify-full', ca: server.ca });
    expect(await (await openSource(kernel)).check(testContext())).toMatchObject({ ok: true });
    await using other = await kernelOf(database, { tls: 'verify-full', ca: server.ca, host: '127.0.0.2' });
    const report = await (await openSource(other)).check(testContext());
    expect(report.message).toMatch(/^VP_MYSQL_(TLS_NAME|REFUSED)/);
  });

  test('who may not read, and a statement that takes too long, have their own codes', async () => {
    await db.query(`drop user if exists poor@'%'; create user poor@'%' identified by 'p'; grant select on source.laws to poor@'%';
                    create table if not exists forbidden (x int)`);
    await using poor = await kernelOf(database, { user: 'poor', password: 'p' });
    await expect(
      rowsOf(await openSource(poor), { query: 'select * from source.forbidden' }),
    ).rejects.toMatchObject({
      code: 'VP_MYSQL_DENIED',
      hint: expect.stringContaining('grant'),
    });
    await using hasty = await kernelOf(database, { statement_timeout_ms: 200 });
    await expect(
      rowsOf(await openSource(hasty), { query: 'select benchmark(1e12, md5(1)) as n' }),
    ).rejects.toMatchObject({ code: 'VP_MYSQL_STATEMENT_TIMEOUT', class: 'transient' });
  });

  test('an abort ends the statement in the server', async () => {
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const context = testContext();
    const query = 'select /* to be killed */ benchmark(1e12, md5(1)) as n';
    const read = await source.read({ options: { query }, format: 'rows' }, context);
    const [part] = read.parts;
    if (part?.carrier !== 'rows') throw new Error('rows');
    const drained = collectRows(part);
    const runs = async () =>
      (
        await db.query(
          `select id from information_schema.processlist where info like '%to be killed%' and info not like '%processlist%'`,
        )
      ).length;
    await expect.poll(runs).toBe(1);
    const reason = new Error('enough');
    context.abort(reason);
    await expect(drained).rejects.toBe(reason);
    await expect.poll(runs).toBe(0);
    await read.close();
  });

  test('a connection that dies under a read is told as that', async () => {
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const read = await source.read(
      { options: { query: 'select seq as n from seq_1_to_100000000' }, format: 'rows' },
      testContext(),
    );
    const [part] = read.parts;
    if (part?.carrier !== 'rows') throw new Error('rows');
    const drain = async () => {
      for await (const _ of part.batches) {
        const found = await db.query<{ id: string }>(
          `select id from information_schema.processlist where info like '%seq_1_to_100000000%' and id <> connection_id()`,
        );
        for (const { id } of found) await db.query(`kill ${id}`).catch(() => undefined);
      }
    };
    await expect(drain()).rejects.toMatchObject({ code: 'VP_MYSQL_GONE', class: 'transient' });
    await read.close();
  });
});
