import { execFileSync } from 'node:child_process';
import { type Row, standardCsv, t, toTableSchema } from '@vp/plugin-sdk';
import { sinkTable } from '@vp/plugin-sdk/conformance';
import { sinkConformance, testContext } from '@vp/plugin-sdk/testing';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasPostgres,
  kernelOf,
  openDatabase,
  openSink,
  openSource,
  plugin,
  rowsOf,
  server,
  write,
} from './lib.ts';

const database = 'sink';
let db: Client;

beforeAll(async () => {
  if (hasPostgres) db = await openDatabase(database);
});
afterAll(() => db?.end());

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.skipIf(!hasPostgres)('PostgreSQL as a sink', () => {
  sinkConformance({
    id: 'postgres',
    from: plugin,
    timeoutMs: 20_000,
    async create() {
      await db.query('drop schema if exists sink cascade');
      const kernel = await kernelOf(database);
      const broken = await kernelOf(database, { password: 'not-the-password' });
      const source = await openSource(kernel);
      const tables = async () => {
        const { rows } = await db.query<{ name: string }>(
          `select relname as name from pg_class where relnamespace = to_regnamespace('sink') and relkind = 'r'`,
        );
        return rows.map(({ name }) => name);
      };
      return {
        open: () => openSink(kernel),
        openBroken: () => openSink(broken),
        options: { table: 'sink.laws' },
        modes: ['replace', 'append', 'merge'],
        fencing: true,
        readBack: async () =>
          (await tables()).includes('laws') ? (await rowsOf(source, { table: 'sink.laws' })).rows : undefined,
        leftovers: async () => (await tables()).filter((name) => name !== 'laws' && name !== '_vp_commits'),
        async killWriters() {
          await db.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
        },
        encoders: {
          'postgres-copy': async ({ schema, rows }) => {
            const encoded = await kitTable(rows);
            const read = await source.read(
              { options: { table: encoded }, format: 'postgres-copy' },
              testContext(),
            );
            const [part] = read.parts;
            if (part === undefined) throw new Error('one part');
            return { ...part, schema };
          },
          csv: async ({ schema, rows }) => {
            const encoded = await kitTable(rows);
            const { host, port, user, password } = server;
            const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
            const text = execFileSync('psql', [
              url,
              '-Xqc',
              `copy ${encoded} to stdout (format csv, header)`,
            ]);
            return { carrier: 'stream', format: 'csv', schema, csv: standardCsv, stream: once(text) };
          },
        },
        secrets: ['not-the-password', server.password],
        async dispose() {
          await kernel[Symbol.asyncDispose]();
          await broken[Symbol.asyncDispose]();
        },
      };
    },
  });

  beforeAll(async () => {
    await db.query(
      `create table sink_kit (id bigint not null, name text, amount numeric(18,4), at timestamp, day date,
                              ratio float8, ok bool)`,
    );
  });

  let tables = 0;
  /** A table of its own each time: a read that is not drained keeps its table from being dropped. */
  async function kitTable(rows: readonly Row[]): Promise<string> {
    const table = `encoded_${++tables}`;
    await db.query(`create table ${table} (like sink_kit including all)`);
    for (const row of rows) {
      const { id, name, amount, at, day, ratio, ok } = row;
      await db.query(
        `insert into ${table} values ($1, $2, $3, timestamp 'epoch' + $4 * interval '1 microsecond',
                                      date '1970-01-01' + $5::int, $6, $7)`,
        [String(id), name, amount, at === null ? null : String(at), day, ratio, ok],
      );
    }
    return table;
  }
  const kit = sinkTable.schema;

  test('types and values come back from a table that was made for them', async () => {
    const every = toTableSchema({
      a: t.int8(),
      b: t.uint64(),
      c: t.decimal(1000, 500),
      d: t.timestamp({ unit: 'us', tz: 'UTC' }),
      e: t.time({ unit: 'us' }),
      f: t.interval(),
      g: t.list(t.text().nullable()),
      h: t.json(),
      i: t.binary(),
      j: t.float32(),
      k: t.date(),
      l: t.uuid(),
    });
    const row: Row = {
      a: -128,
      b: 18_446_744_073_709_551_615n,
      c: `-${'9'.repeat(500)}.${'1'.repeat(500)}`,
      d: -62_200_000_000_000_001n,
      e: 86_399_999_999n,
      f: { months: -1, days: 2, nanos: -3_000n },
      g: ['a"b', null, '', 'NULL', 'x\\,{}'],
      h: '{"b":1,"a":1.10}',
      i: Uint8Array.of(0, 92, 255),
      j: Number.NaN,
      k: -719_529,
      l: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    };
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    await db.query('drop table if exists every');
    await write(sink, 'every', { schema: every, rows: [row] });
    const { rows } = await rowsOf(await openSource(kernel), { table: 'every' });
    expect(rows).toEqual([{ ...row, b: '18446744073709551615' }]);
  });

  test('a NUL byte in a text is refused before it is sent, and nothing is left', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const schema = toTableSchema({ x: t.text() });
    await expect(write(sink, 'refused', { schema, rows: [{ x: 'a\0b' }] })).rejects.toMatchObject({
      code: 'VP_POSTGRES_VALUE_REFUSED',
    });
    const { rows } = await db.query(`select relname from pg_class where relname like '\\_vp\\_stage%'`);
    expect(rows).toEqual([]);
  });

  test('replacing a table keeps its view, index and grant', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    await db.query('drop table if exists kept cascade');
    await write(sink, 'kept', { schema: kit, rows: sinkTable.rows });
    await db.query(`create index kept_day on kept (day); create view kept_view as select id from kept;
                    grant select on kept to public`);
    await write(sink, 'kept', { schema: kit, rows: sinkTable.rows.slice(0, 2) });
    const { rows } = await db.query<{ n: string; grants: string; indexes: string }>(
      `select (select count(*) from kept_view) as n,
              (select relacl::text from pg_class where relname = 'kept') as grants,
              (select count(*) from pg_indexes where tablename = 'kept') as indexes`,
    );
    expect(rows).toEqual([{ n: '2', grants: expect.stringContaining('=r/'), indexes: '1' }]);
  });
});
