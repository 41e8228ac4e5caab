import { existsSync, globSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { temporaryFolder, vp, vpJson } from './vp.ts';

/** What can be read, by asset, partition or file. */
export type Contents = Readonly<Record<string, Content>>;

export interface Content {
  /** The version of the inputs that the rows were made from; the lowest and the highest. */
  readonly versions: readonly [number, number];
  /** Of all rows. */
  readonly hash: string;
}

/**
 * A project in which every row of every asset and file says which version of the inputs it was made
 * from, so that a reader can tell a whole snapshot from a torn one.
 */
export interface VersionedProject {
  readonly cwd: string;
  /** Puts the inputs of a version into place. */
  setInputs(version: number): Promise<void>;
  /** Every asset and partition, as `vp query` reads it. */
  assets(): Promise<Contents>;
  /** Every published file, as another program reads it. */
  published(): Promise<Contents>;
  /** What lies in `.vp/tmp`, and what sinks have staged. */
  leftovers(): readonly string[];
  dispose(): Promise<void>;
}

const months = ['2026-01', '2026-02', '2026-03'];
const names = [
  ...['monthly_sales', 'priced'].flatMap((asset) => months.map((month) => [asset, month] as const)),
  ...['sales', 'customers', 'events', 'by_customer', 'report'].map((asset) => [asset, undefined] as const),
];
const outputs = [
  'out/report.parquet',
  'out/report.csv',
  ...months.map((month) => `out/priced/date=${month}.csv`),
];

const pipeline = `
import { allPartitions, asset, check, monthly, partition, pipeline, publish, sink, source, sql, t } from 'vibepiper';

const partitions = monthly({ start: '2026-01-01', end: '2026-04-01' });

export const sales = asset('sales', {
  source: source('files', { path: 'data/sales.parquet' }),
  schema: { v: t.int32(), month: t.text(), id: t.int64(), customer: t.int64(), amount: t.float64() },
  checks: [check.unique('id'), check.notNull('v', 'customer'), check.between('amount', { max: 900 }).warn()],
});
export const monthlySales = asset('monthly_sales', {
  partitions,
  schema: { v: t.int32(), month: t.text(), id: t.int64(), customer: t.int64(), amount: t.float64() },
  sql: sql\`select * from \${sales} where month = strftime(\${partition.start}, '%Y-%m')\`,
  checks: [check.rowCount({ min: 1 })],
});
export const customers = asset('customers', {
  source: source('files', { path: 'data/customers.csv' }),
  schema: { v: t.int32(), id: t.int64(), name: t.text(), city: t.text() },
  checks: [check.unique('id')],
});
export const events = asset('events', {
  source: source('files', { path: 'data/events.json' }),
  schema: { v: t.int64(), id: t.int64(), kind: t.text() },
});
export const priced = asset('priced', {
  from: monthlySales,
  partitions,
  schema: { v: t.int32(), month: t.text(), id: t.int64(), customer: t.int64(), cents: t.int64() },
  rows: ({ amount, ...row }) => ({ ...row, cents: BigInt(Math.round(amount * 100)) }),
});
export const byCustomer = asset('by_customer', {
  sql: sql\`select p.v, p.customer, c.name, c.city, count(*) as orders, sum(p.cents)::bigint as cents
    from \${allPartitions(priced)} p join \${customers} c on c.id = p.customer and c.v = p.v group by all\`,
  checks: [check.unique('customer'), check.rowCount({ min: 1 })],
});
export const report = asset('report', {
  sql: sql\`select b.*, e.kinds from \${byCustomer} b join
    (select v, id % 1000 as bucket, count(distinct kind) as kinds from \${events} group by all) e
    on e.bucket = b.customer % 1000 and e.v = b.v\`,
});
export default pipeline({
  assets: [sales, monthlySales, customers, events, priced, byCustomer, report],
  publish: [
    publish(report, sink('parquet', { path: 'out/report.parquet' })),
    publish(report, sink('csv', { path: 'out/report.csv' })),
    publish(priced, sink('csv', { path: 'out/priced/{partition}.csv' })),
  ],
});
`;

/** `rows`: of each source; of sales, as many in each month. */
export async function versionedProject(rows: number): Promise<VersionedProject> {
  const folder = await temporaryFolder();
  const cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  writeFileSync(join(cwd, 'pipeline.ts'), pipeline);
  const database = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await database.connect();

  return {
    cwd,
    async setInputs(version) {
      for (const [name, options, query] of inputs(version, rows)) {
        const path = join(cwd, 'data', name);
        await connection.run(`copy (${query}) to '${path}.new' (${options})`);
        renameSync(`${path}.new`, path);
      }
    },
    async assets() {
      const parts = names.map(([asset, month]) => {
        const where = month === undefined ? '' : ` where month = '${month}'`;
        return `select '${asset}${month === undefined ? '' : `@${month}`}' as name, ${facts} from ${asset} x${where}`;
      });
      const answer = await vpJson<{ readonly rows: readonly Facts[] }>(['query', parts.join(' union all ')], {
        cwd,
      });
      if (answer.code !== 0) throw new Error(`The assets cannot be read: ${JSON.stringify(answer.data)}`);
      return contents(answer.data.rows);
    },
    async published() {
      const found: Facts[] = [];
      for (const name of outputs.filter((path) => existsSync(join(cwd, path)))) {
        const path = join(cwd, name);
        const scan = name.endsWith('.csv')
          ? `read_csv('${path}', all_varchar = true, hive_partitioning = false)`
          : `read_parquet('${path}')`;
        const answer = await connection.run(`select ${facts} from ${scan} x`);
        const [row] = await answer.getRowObjectsJson();
        found.push({ name, low: Number(row?.low), high: Number(row?.high), hash: String(row?.hash) });
      }
      return contents(found);
    },
    leftovers: () => [
      ...readdirSync(join(cwd, '.vp/tmp'), { recursive: true }).map((path) => `.vp/tmp/${path}`),
      ...globSync('out/**/.*.vp-tmp.*', { cwd }),
    ],
    dispose: async () => {
      connection.closeSync();
      database.closeSync();
      await folder.dispose();
    },
  };
}

interface Facts {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly hash: string;
}

const facts =
  "min(v)::int as low, max(v)::int as high, count(*)::varchar || ':' || sum(hash(x)::hugeint)::varchar as hash";

const contents = (rows: readonly Facts[]): Contents =>
  Object.fromEntries(rows.map(({ name, low, high, hash }) => [name, { versions: [low, high], hash }]));

function inputs(version: number, rows: number): readonly (readonly [string, string, string])[] {
  const range = `from range(${rows}) r(i)`;
  return [
    [
      'sales.parquet',
      'format parquet',
      `select ${version}::int as v, '2026-0' || (1 + i % 3) as month, i as id,
       (i * 7 + ${version}) % ${rows} as customer, (hash(i + ${version}) % 100000) / 100.0 as amount
       from range(${3 * rows}) r(i)`,
    ],
    [
      'customers.csv',
      'format csv, header true',
      `select ${version}::int as v, i as id, 'Name, ' || i as name, 'City "' || i % 100 || '"' as city ${range}`,
    ],
    [
      'events.json',
      'format json, array true',
      `select ${version} as v, i as id, 'kind ' || hash(i + ${version}) % 10 as kind ${range}`,
    ],
  ];
}
