import { join } from 'node:path';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { type DuckdbPair, materialize, openPair, parquetOptions, seconds } from './lib/duckdb-pair.ts';
import { best } from './lib/numbers.ts';
import { cutAtTables, queries, tables } from './lib/tpch-like.ts';

// 18 M line items: some seconds of work, as the limit asks.
const scale = 3;
const rounds = 4;

/** The tables as snapshots, and as views of the driver over the same files. */
async function load(pair: DuckdbPair): Promise<void> {
  for (const [name, generate] of Object.entries(tables)) {
    await materialize(pair, name, {
      kind: 'query',
      query: { sql: { strings: [generate(scale)], parts: [] }, inputs: {} },
    });
    const relation = await pair.engine.relation({ asset: name });
    await pair.driver.run(`CREATE VIEW ${name} AS FROM ${relation}`);
  }
}

export default {
  name: '22 TPC-H-like SQL assets',
  limit: 'the same SQL through the driver',
  async run() {
    await using pair = await openPair();
    await load(pair);
    const works = queries.map((query, index) => {
      const { strings, tables: names } = cutAtTables(query);
      const sql = { strings, parts: names.map((as) => ({ kind: 'input', as }) as const) };
      const inputs = Object.fromEntries(names.map((asset) => [asset, { asset }]));
      const file = join(pair.folder, `q${index}.parquet`);
      const text = query.replaceAll(/\{(\w+)\}/g, '$1');
      return {
        limit: () => pair.driver.run(`COPY (${text}) TO '${file}' (${parquetOptions})`),
        measured: () => materialize(pair, `q${index}`, { kind: 'query', query: { sql, inputs } }),
      };
    });
    const times = works.map((): { measured: number[]; limit: number[] } => ({ measured: [], limit: [] }));
    for (let round = -1; round < rounds; round += 1) {
      for (const [index, work] of works.entries()) {
        // Who goes first takes turns, since the first warms what the second reads.
        const order =
          (round + index) % 2 === 0 ? (['limit', 'measured'] as const) : (['measured', 'limit'] as const);
        for (const side of order) {
          const time = await seconds(work[side]);
          if (round >= 0) times[index]?.[side].push(time);
        }
      }
    }
    const total = (side: 'measured' | 'limit') => times.reduce((sum, t) => sum + best(t[side]), 0);
    return [{ measured: total('measured'), limit: total('limit'), unit: 's', target: 1.05 }];
  },
} satisfies Benchmark;
