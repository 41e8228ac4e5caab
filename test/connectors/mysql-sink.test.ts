import { payloadFromRows, type Row, rowsPayload, standardCsv, t, toTableSchema } from '@vp/plugin-sdk';
import { sinkTable } from '@vp/plugin-sdk/conformance';
import { sinkConformance, testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasMariaDb,
  kernelOf,
  openDatabase,
  openSink,
  openSource,
  plugin,
  rowsOf,
  server,
  type TestDatabase,
  write,
} from './mysql-lib.ts';

const database = 'sink';
let db: TestDatabase;

beforeAll(async () => {
  if (hasMariaDb) db = await openDatabase(database);
});
afterAll(() => db?.end());

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const tables = async () => {
  const found = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = '${database}'`,
  );
  return found.map(({ name }) => name);
};
const leftovers = async () => (await tables()).filter((name) => name.startsWith('_vp_stage'));

describe.skipIf(!hasMariaDb)('MariaDB as a sink', () => {
  sinkConformance({
    id: 'mysql',
    from: plugin,
    timeoutMs: 20_000,
    async create() {
      await db.query(`drop database if exists ${database}; create database ${database}; use ${database}`);
      const kernel = await kernelOf(database);
      const broken = await kernelOf(database, { password: 'not-the-password' });
      const source = await openSource(kernel);
      return {
        open: () => openSink(kernel),
        openBroken: () => openSink(broken),
        options: { table: 'laws' },
        modes: ['replace', 'append', 'merge'],
        fencing: true,
        readBack: async () =>
          (await tables()).includes('laws') ? (await rowsOf(source, { table: 'laws' })).rows : undefined,
        leftovers: async () => (await tables()).filter((name) => name !== 'laws' && name !== '_vp_commits'),
        async killWriters() {
          const sessions = await db.query<{ id: string }>(
            'select id from information_schema.processlist where id <> connection_id() and user = ?',
            [server.user],
          );
          for (const { id } of sessions) await db.query(`kill ${id}`).catch(() => undefined);
        },
        encoders: {
          csv: ({ schema, rows }) => ({
            carrier: 'stream',
            format: 'csv',
            schema,
            csv: standardCsv,
            stream: pieces(csvOf(rows), 7),
          }),
        },
        secrets: ['not-the-password', server.password],
        async dispose() {
          await kernel[Symbol.asyncDispose]();
          await broken[Symbol.asyncDispose]();
        },
      };
    },
  });

  function clock(micros: bigint): string {
    const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const date = new Date(Number((micros - rest) / 1000n)).toISOString();
    return `${date.slice(0, 10)} ${date.slice(11, 19)}.${String(rest).padStart(6, '0')}`;
  }

  /** The kit's table in the standard dialect. */
  function csvOf(rows: readonly Row[]): string {
    const { fields } = sinkTable.schema;
    const lines = rows.map((row) =>
      fields.map(({ name }) => {
        const value = row[name] ?? null;
        if (value === null) return '';
        if (name === 'at') return clock(value as bigint);
        if (name === 'day') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
        return name === 'name' ? `"${String(value).replaceAll('"', '""')}"` : String(value);
      }),
    );
    return `${[fields.map(({ name }) => name), ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`;
  }

  const every = toTableSchema({
    a: t.int8(),
    b: t.uint64(),
    c: t.decimal(65, 30),
    d: t.timestamp({ unit: 'us', tz: 'UTC' }),
    e: t.time({ unit: 'us' }),
    h: t.json(),
    i: t.binary(),
    j: t.float32(),
    k: t.date(),
    l: t.uuid(),
    m: t.timestamp({ unit: 'ms' }),
    n: t.text(),
    o: t.bool(),
  });
  const extremes: Row = {
    a: -128,
    b: 18_446_744_073_709_551_615n,
    c: `-${'9'.repeat(35)}.${'1'.repeat(30)}`,
    d: 2_147_483_647_999_999n,
    e: 86_399_999_999n,
    h: '{"b":1,"a":1.10,"b":12345678901234567890}',
    i: Uint8Array.of(0, 9, 10, 13, 26, 92, 255),
    j: Math.fround(0.1),
    k: -719_528,
    l: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    m: 253_402_300_799_999n,
    n: '\0\t\n\r\\N \\ \u001a 😀 ',
    o: false,
  };

  test('types and values come back from a table that was made for them, by LOAD DATA and by INSERT', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const source = await openSource(kernel);
    await write(sink, 'every', { schema: every, rows: [extremes] });
    expect((await rowsOf(source, { table: 'every' })).rows).toEqual([extremes]);
    const { fields } =
      (await source.discover({ options: { table: 'every' } }, testContext()))[0]?.schema ?? {};
    expect(fields?.map(({ type }) => type)).toEqual(every.fields.map(({ type }) => type));
    await db.query('set global local_infile = 0');
    try {
      await write(sink, 'every', { schema: every, rows: [extremes, extremes] });
      expect((await rowsOf(source, { table: 'every' })).rows).toEqual([extremes, extremes]);
      expect(await sink.inspect({ options: { table: 'every' } }, testContext())).toMatchObject({
        formats: ['rows'],
      });
    } finally {
      await db.query('set global local_infile = 1');
    }
  });

  test('its own types come back as they are: bits, enums, years, geometry', async () => {
    await db.query(
      `create table own (a bit(9), b enum('x','y'), c year, d point, e set('p','q'), f varbinary(9), g inet6, h bit(1), i datetime(2), j char(3));
       insert into own values (b'101', 'y', '0000', st_geomfromtext('point(1 2)'), 'p,q', x'00ff', '::1', b'0', '2024-01-01 00:00:00.25', 'ab')`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const [stream] = await source.discover({ options: { table: 'own' } }, testContext());
    const { rows } = await rowsOf(source, { table: 'own' });
    await write(await openSink(kernel), 'own_copy', { schema: stream?.schema ?? { fields: [] }, rows });
    expect((await rowsOf(source, { table: 'own_copy' })).rows).toEqual(rows);
    const [copy] = await source.discover({ options: { table: 'own_copy' } }, testContext());
    expect(copy?.schema).toEqual(stream?.schema);
  });

  test.each<[string, Row, object]>([
    ['a date before the year 0', { k: -800_000 }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['NaN', { j: Number.NaN }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['half a surrogate pair', { n: 'a\ud800' }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['an instant after 2038', { d: 2_147_483_648_000_000n }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    ['an instant before 1970', { d: -1n }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    ['NULL where none may be', { a: null }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    [
      'a number too large',
      { a: 200 },
      { code: 'VP_MYSQL_CHANGED_VALUES', message: expect.stringContaining("'a'") },
    ],
  ])('%s is refused, and nothing is left', async (_name, value, expected) => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const row: Row = { ...extremes, ...value };
    const columns = every.fields.map(({ name }) => [row[name] ?? null]);
    // As a source would hand it over that does not keep to its schema: the kit's own rows are checked before.
    const batches = (async function* () {
      yield { length: 1, columns };
    })();
    const token = `refused ${Object.keys(value)}`;
    const writer = await sink.open(
      { options: { table: 'refused' }, schema: every, mode: 'replace', format: 'rows', token },
      testContext(),
    );
    await expect(writer.write(rowsPayload(every, batches), testContext())).rejects.toMatchObject(expected);
    await writer.close();
    expect(await tables()).not.toContain('refused');
    expect(await leftovers()).toEqual([]);
  });

  test('replacing a table keeps its index, default, comment, view and grant; a trigger or foreign key keeps the table', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const kit = sinkTable.schema;
    await write(sink, 'kept', { schema: kit, rows: sinkTable.rows });
    await db.query(
      `alter table kept add index by_day (day), comment = 'kept for ever'; create view kept_view as select id from kept;
       drop user if exists reader@'%'; create user reader@'%'; grant select on kept to reader@'%'`,
    );
    const facts = async () => {
      const [made] = await db.query<Record<string, string>>('show create table kept');
      const [n] = await db.query<{ n: string }>('select count(*) as n from kept_view');
      return { made: made?.['Create Table'] ?? '', n: String(n?.n) };
    };
    await write(sink, 'kept', { schema: kit, rows: sinkTable.rows.slice(0, 2) });
    expect(await facts()).toEqual({
      made: expect.stringMatching(/KEY `by_day` \(`day`\)[\s\S]*COMMENT='kept for ever'$/),
      n: '2',
    });
    await db.query(
      `create table log (n int); create trigger kept_log after insert on kept for each row insert into log values (1)`,
    );
    const more = toTableSchema({ id: t.int64(), name: t.text().nullable(), extra: t.int32().nullable() });
    await write(sink, 'kept', { schema: more, rows: [{ id: 7n, name: 'x', extra: 1 }] });
    expect(await db.query('select count(*) as n from log')).toEqual([{ n: '1' }]);
    const { rows } = await rowsOf(await openSource(kernel), { table: 'kept' });
    expect(rows).toEqual([
      { id: 7n, name: 'x', amount: null, at: null, day: null, ratio: null, ok: null, extra: 1 },
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test('a merge takes texts that differ for different rows, and refuses what the key of the table takes for one', async () => {
    await db.query(
      `drop table if exists people; create table people (name varchar(20) collate utf8mb4_general_ci primary key, n int);
       insert into people values ('Ann', 1), ('Bob', 2)`,
    );
    const schema = toTableSchema({ name: t.text(), n: t.int32() }, ['name']);
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const over = { mode: 'merge', key: ['name'] } as const;
    await write(
      sink,
      'people',
      {
        schema,
        rows: [
          { name: 'Bob', n: 3 },
          { name: 'Cy', n: 4 },
          { name: 'Cy', n: 5 },
        ],
      },
      over,
    );
    await expect(
      write(sink, 'people', { schema, rows: [{ name: 'ANN', n: 9 }] }, over),
    ).rejects.toMatchObject({
      code: 'VP_MYSQL_DATA',
      message: expect.stringContaining("Duplicate entry 'ANN'"),
    });
    expect(await db.query('select * from people order by name')).toEqual([
      { name: 'Ann', n: 1 },
      { name: 'Bob', n: 3 },
      { name: 'Cy', n: 5 },
    ]);
    // A table that a merge makes tells all texts apart, spaces at the end too.
    const rows = ['a', 'A', 'a ', 'ä'].map((name, n) => ({ name, n }));
    await write(sink, 'exact', { schema, rows }, over);
    expect((await rowsOf(await openSource(kernel), { table: 'exact' })).rows.length).toBe(4);
  });

  test('changes are made with the data, and a second attempt finds them made', async () => {
    await db.query(
      'drop table if exists grown; create table grown (id int primary key, gone int not null); insert into grown values (1, 1)',
    );
    const schema = toTableSchema({ id: t.int32(), extra: t.text().nullable() });
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const added = { name: 'extra', type: { kind: 'utf8' }, nullable: true } as const;
    const gone = { name: 'gone', type: { kind: 'int32' }, nullable: false } as const;
    const changes = [
      { kind: 'column.added', column: added },
      { kind: 'column.removed', column: gone },
    ] as const;
    await write(sink, 'grown', { schema, rows: [{ id: 2, extra: 'x' }] }, { mode: 'append', changes });
    await write(sink, 'grown', { schema, rows: [{ id: 3, extra: null }] }, { mode: 'append', changes });
    expect(await db.query('select id, gone, extra from grown order by id')).toEqual([
      { id: 1, gone: 1, extra: null },
      { id: 2, gone: null, extra: 'x' },
      { id: 3, gone: null, extra: null },
    ]);
  });

  test.each<[string, string]>([
    ['x'.repeat(65), 'longer than 64'],
    ['smile 😀', 'beyond U+FFFF'],
    ['A', 'differs from it only by case'],
  ])('the name %s is refused in the plan', async (name, reason) => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const schema = toTableSchema({ a: t.int32(), [name]: t.int32() });
    const fit = sink.fit?.({ options: { table: 'named' }, schema, mode: 'append' }, testContext());
    await expect(fit).rejects.toMatchObject({
      code: 'VP_MYSQL_NAME',
      message: expect.stringContaining(reason),
    });
  });

  test('names with quotes, dots, keywords and 64 characters are kept', async () => {
    const names = ['select', 'a`b', 'c.d', ' e"', "f'\\", '中', 'x'.repeat(64)];
    const schema = toTableSchema(Object.fromEntries(names.map((name) => [name, t.int32()])));
    const rows = [Object.fromEntries(names.map((name, index) => [name, index]))];
    await using kernel = await kernelOf(database);
    const table = `\`${'t`.'.repeat(21)}\``.replaceAll('t`.', 't``.');
    await write(await openSink(kernel), table, { schema, rows });
    expect((await rowsOf(await openSource(kernel), { table })).rows).toEqual(rows);
  });

  test.each<[string, string, readonly Row[]]>([
    [
      'quotes, newlines and NULL',
      'a,b\n"x ""y""\n\tz\\",1\n,\n"",2\n',
      [
        { a: 'x "y"\n\tz\\', b: 1 },
        { a: null, b: null },
        { a: '', b: 2 },
      ],
    ],
    [
      'a mark of UTF-8, returns, no newline at the end',
      '\ufeffa,b\r\nÄ😀\rß,-1\r\n\\N,3',
      [
        { a: 'Ä😀\rß', b: -1 },
        { a: '\\N', b: 3 },
      ],
    ],
  ])('CSV with %s, cut anywhere', async (_name, text, expected) => {
    const schema = toTableSchema({ a: t.text().nullable(), b: t.int32().nullable() });
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const source = await openSource(kernel);
    for (const size of [1, 2, 3, 5, 1000]) {
      const token = `csv-${size}-${text.length}`;
      const writer = await sink.open(
        { options: { table: 'csv' }, schema, mode: 'replace', format: 'csv', token },
        testContext(),
      );
      await writer.write(
        { carrier: 'stream', format: 'csv', schema, csv: standardCsv, stream: pieces(text, size) },
        testContext(),
      );
      await writer.commit({ runId: 'r', stepId: 's', token, fingerprint: 'f', inputs: {} }, testContext());
      await writer.close();
      expect((await rowsOf(source, { table: 'csv' })).rows).toEqual(expected);
    }
  });

  test('a commit that was announced counts only when its table is there', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const options = { table: 'announced' };
    const schema = toTableSchema({ id: t.int32() });
    const committed = async () => (await sink.inspect({ options }, testContext())).committed?.token;
    await write(sink, 'announced', { schema, rows: [{ id: 1 }] }, { token: 'first' });
    const announce = (mark: string) =>
      db.query(
        `update _vp_commits set next_token = 'second', next_meta = json_set(meta, '$.token', 'second'), next_mark = ?
          where table_name = 'announced'`,
        [mark],
      );
    // Died before the RENAME: the table carries no mark.
    await announce('00000000000000aa');
    expect(await committed()).toBe('first');
    // Died after it: nothing but the table's comment says so.
    await db.query(`alter table announced comment = 'mine [vp commit 00000000000000aa]'`);
    expect(await committed()).toBe('second');
    const writer = await sink.open(
      { options, schema, mode: 'append', format: 'rows', token: 'second', basedOn: 'first' },
      testContext(),
    );
    await writer.write(payloadFromRows([{ id: 1 }], schema), testContext());
    await writer.commit(
      { runId: 'r', stepId: 's', token: 'second', fingerprint: 'f', inputs: {} },
      testContext(),
    );
    await writer.close();
    expect(await db.query('select id from announced')).toEqual([{ id: 1 }]);
    expect(
      await db.query(
        `select table_comment as c from information_schema.tables where table_name = 'announced'`,
      ),
    ).toEqual([{ c: 'mine' }]);
  });

  test('who may not write is told the GRANT to run', async () => {
    await db.query(
      `drop user if exists poor@'%'; create user poor@'%' identified by 'p'; grant select on ${database}.* to poor@'%'`,
    );
    await using kernel = await kernelOf(database, { user: 'poor', password: 'p' });
    const schema = toTableSchema({ id: t.int32() });
    await expect(write(await openSink(kernel), 'denied', { schema, rows: [] })).rejects.toMatchObject({
      code: 'VP_MYSQL_DENIED',
    });
  });
});
