import { createHash } from 'node:crypto';
import { planTransfer, runTransfer } from '@vp/kernel';
import { points, type Row, type Sink, type Source, type TransferSpec, type Value } from '@vp/plugin-sdk';
import { createTestKernel, type TestKernel, testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as postgres from './lib.ts';
import * as maria from './mysql-lib.ts';

const database = 'matrix';
let kernel: TestKernel;
/** Runs statements of either vendor. */
let run: Readonly<Record<Vendor, (sql: string) => Promise<unknown>>>;
let end: () => Promise<void>;

type Vendor = 'postgres' | 'mysql';
const vendors: readonly Vendor[] = ['postgres', 'mysql'];
const isComplete = postgres.hasPostgres && maria.hasMariaDb;

beforeAll(async () => {
  if (!isComplete) return;
  const pg = await postgres.openDatabase(database);
  const my = await maria.openDatabase(database);
  run = { postgres: (sql) => pg.query(sql), mysql: (sql) => my.query(sql) };
  const ends = { postgres: postgres.server, mysql: maria.server };
  const connections = Object.fromEntries(
    vendors.map((use) => {
      const { host, port, user, password } = ends[use];
      return [use, { use, host, port, user, password, database }];
    }),
  );
  kernel = await createTestKernel({ plugins: [postgres.plugin, maria.plugin], config: { connections } });
  end = async () => {
    await kernel[Symbol.asyncDispose]();
    await pg.end();
    my.end();
  };
});
afterAll(() => end?.());

/** The same table in the words of each vendor. */
const columns: Readonly<Record<Vendor, string>> = {
  postgres: `id bigint primary key, small smallint not null, amount numeric(30,10), ratio float8, single real, name text,
             ok bool, day date, clock time, at timestamp, changed timestamptz not null, raw bytea, doc json, tag uuid`,
  mysql: `id bigint primary key, small smallint not null, amount decimal(30,10), ratio double, single float, name longtext,
          ok bool, day date, clock time(6), at datetime(6), changed timestamp(6) not null, raw longblob, doc json, tag uuid`,
};
const bytes: Readonly<Record<Vendor, (hex: string) => string>> = {
  postgres: (hex) => `decode('${hex}', 'hex')`,
  mysql: (hex) => `x'${hex}'`,
};

const rowsSql = (vendor: Vendor, from: number, to: number): string => {
  const rows: string[] = [
    ...(from > 1
      ? []
      : [
          `(-9223372036854775807, -32768, -99999999999999999999.9999999999, -1.7976931348623157e308, 0.1, '', null,
            '0001-01-01', '00:00:00.000001', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999',
            ${bytes[vendor]('00ff0a5c09')}, '{"b":1,"a":1.10,"n":12345678901234567890}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')`,
          `(0, 0, null, null, null, null, null, null, null, null, '1970-01-01 00:00:01', null, null, null)`,
        ]),
  ];
  for (let id = from; id <= to; id++)
    rows.push(
      `(${id}, ${id % 100}, ${id}.5, ${id}.25, ${id}.5, 'row ${id} "é", 😀', ${id % 2 === 0}, '2024-02-29', '12:34:56.5',
        '2024-01-01 00:00:00.${String(id).padStart(6, '0')}', '2024-01-01 00:00:${String(id % 60).padStart(2, '0')}',
        ${bytes[vendor]('6869')}, '[${id}]', '00000000-0000-0000-0000-${String(id).padStart(12, '0')}')`,
    );
  return `insert into origin values ${rows.join(', ')}`;
};

/** One text for all rows, whatever order they come in. */
function hashOf(rows: readonly Row[]): string {
  const plain = (_key: string, value: Value | undefined) =>
    typeof value === 'bigint'
      ? `${value}n`
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value;
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
      plain,
    ),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

describe.skipIf(!isComplete)('every database into every other', () => {
  let runs = 0;

  async function copy(spec: TransferSpec): Promise<number> {
    const source: Source = await kernel.instance(points.source, spec.from.use, spec.from.connection);
    const sink: Sink = await kernel.instance(points.sink, spec.to.use, spec.to.connection);
    const ends = { source, sink };
    const context = testContext();
    const plan = await planTransfer({ ends, spec, context });
    expect(plan.columns.flatMap(({ losses }) => losses)).toEqual([]);
    const token = `run-${++runs}`;
    const attempt = { runId: token, stepId: 'copy', token };
    return (await runTransfer({ ends, plan, attempt, context })).rows;
  }

  async function hash(vendor: Vendor, table: string): Promise<string> {
    const source: Source = await kernel.instance(points.source, vendor, vendor);
    return hashOf((await postgres.rowsOf(source, { table })).rows);
  }

  const pairs = vendors.flatMap((from) => vendors.map((to) => [from, to] as const));
  const title = '%s -> %s: the same rows by hash, whole, then only what is new, then nothing';
  test.each(pairs)(title, { timeout: 30_000 }, sameRows);

  async function sameRows(from: Vendor, to: Vendor): Promise<void> {
    await run[from](`drop table if exists origin`);
    await run[from](`create table origin (${columns[from]})`);
    await run[from](rowsSql(from, 1, 50));
    const spec = (mode: 'replace' | 'merge', table: string): TransferSpec => ({
      name: `${from} to ${to}, ${mode}`,
      from: {
        use: from,
        connection: from,
        options: { table: 'origin', ...(mode === 'merge' ? { cursor: 'id' } : {}) },
      },
      to: { use: to, connection: to, options: { table } },
      mode,
      ...(mode === 'merge' ? { key: ['id'] } : {}),
    });
    const whole = `whole_from_${from}`;
    expect(await copy(spec('replace', whole))).toBe(52);
    expect(await hash(to, whole)).toBe(await hash(from, 'origin'));
    expect(await copy(spec('replace', whole))).toBe(52);
    expect(await hash(to, whole)).toBe(await hash(from, 'origin'));

    const grown = `grown_from_${from}`;
    expect(await copy(spec('merge', grown))).toBe(52);
    await run[from](rowsSql(from, 51, 60));
    expect(await copy(spec('merge', grown))).toBe(10);
    expect(await copy(spec('merge', grown))).toBe(0);
    expect(await hash(to, grown)).toBe(await hash(from, 'origin'));
  }

  test('what MariaDB cannot hold is refused by name before anything moves', async () => {
    await run.postgres('drop table if exists wide; create table wide (n numeric(500,2), i interval)');
    const copied = copy({
      name: 'wide',
      from: { use: 'postgres', connection: 'postgres', options: { table: 'wide' } },
      to: { use: 'mysql', connection: 'mysql', options: { table: 'narrow' } },
      mode: 'append',
    });
    await expect(copied).rejects.toMatchObject({
      code: 'VP_TRANSFER_LOSSY',
      message: expect.stringMatching(/"?n"?[\s\S]*"?i"?/),
    });
  });
});
