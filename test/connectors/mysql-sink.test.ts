import { payloadFromRows, type Row, standardCsv, t, toTableSchema } from '@vp/plugin-sdk';
import { sinkTable } from '@vp/plugin-sdk/conformance';
import { sinkConformance, testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasMariaDb,
  kernelOf,
  openDatabase,
  openSink,
  openSource,
  pieces,
  plugin,
  rowsOf,
  server,
  type TestDatabase,
  write,
} from './mysql-lib.ts';
import { startProxy } from './proxy.ts';

const database = 'sink';
let db: TestDatabase;

beforeAll(async () => {
  if (hasMariaDb) db = await openDatabase(database);
});
afterAll(() => db?.end());

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
      const proxy = await startProxy(server);
      const proxied = await kernelOf(database, { port: proxy.port, tls: 'disable' });
      const source = await openSource(kernel);
      return {
        open: () => openSink(kernel),
        openBroken: () => openSink(broken),
        openDenied: () => openSink(broken),
        openSilent: async () => {
          proxy.silence(true);
          return openSink(proxied);
        },
        openFlaky: async (nth) => {
          proxy.stumbleAt(nth);
          return openSink(proxied);
        },
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
          await proxied[Symbol.asyncDispose]();
          await proxy.close();
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
