import { join } from 'node:path';
import type { LogicalType, TableSchema } from '@vp/contracts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { materialize, openPair, parquetOptions, seconds } from './lib/duckdb-pair.ts';
import { best } from './lib/numbers.ts';

const rows = 5_000_000;
const rounds = 5;

const columns: readonly [name: string, duck: string, type: LogicalType][] = [
  ['id', 'BIGINT', { kind: 'int64' }],
  ['customer', 'VARCHAR', { kind: 'utf8' }],
  ['amount', 'DECIMAL(12,2)', { kind: 'decimal', precision: 12, scale: 2 }],
  ['placed_at', 'TIMESTAMP', { kind: 'timestamp', unit: 'us' }],
  ['status', 'VARCHAR', { kind: 'utf8' }],
  ['score', 'DOUBLE', { kind: 'float64' }],
  ['day', 'DATE', { kind: 'date' }],
  ['quantity', 'INTEGER', { kind: 'int32' }],
];

const generate = `SELECT range AS id, 'customer ' || hash(range) % 100007 AS customer,
  (hash(range) % 1000000 / 100)::DECIMAL(12,2) AS amount, TIMESTAMP '2020-01-01' + to_seconds(range * 7) AS placed_at,
  ['new', 'paid', 'shipped', 'lost'][1 + range % 4] AS status, random() AS score,
  DATE '2020-01-01' + (range % 1000)::INTEGER AS day, (hash(range) % 50)::INTEGER AS quantity FROM range(${rows})`;

export default {
  name: 'CSV 5 M rows -> Parquet',
  limit: "DuckDB's own COPY",
  async run() {
    await using pair = await openPair();
    const uri = join(pair.folder, 'orders.csv');
    await pair.driver.run(`COPY (${generate}) TO '${uri}' (HEADER)`);
    const schema: TableSchema = { fields: columns.map(([name, , type]) => ({ name, type, nullable: true })) };
    const csv = { delimiter: ',', quote: '"', escape: '"', header: true, nullText: '' };
    const types = columns.map(([name, duck]) => `'${name}': '${duck}'`).join(', ');
    const read = `read_csv('${uri}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${types}})`;
    const limit = () =>
      pair.driver.run(
        `COPY (SELECT * FROM ${read}) TO '${join(pair.folder, 'o.parquet')}' (${parquetOptions})`,
      );
    const measured = () =>
      materialize(pair, 'orders', {
        kind: 'payload',
        parts: [{ carrier: 'files', format: 'csv', csv, files: [{ uri }], schema }],
      });
    await limit();
    await measured();
    const times: { measured: number[]; limit: number[] } = { measured: [], limit: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.limit.push(await seconds(limit));
      times.measured.push(await seconds(measured));
    }
    return [{ measured: best(times.measured), limit: best(times.limit), unit: 's', target: 1.1 }];
  },
} satisfies Benchmark;
