import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, RunSummary, VpErrorJson } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  ({ dispose } = folder);
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  mkdirSync(join(cwd, 'data'), { recursive: true });
  for (const [month, amount] of [
    ['2026-01', 1],
    ['2026-02', 20],
  ]) {
    writeFileSync(join(cwd, `data/date=${month}.csv`), `at,amount\n${month}-05T00:00:00,${amount}\n`);
  }
});
afterAll(() => dispose());

const pipelineWith = (path: string) =>
  writeFileSync(
    join(cwd, 'pipeline.ts'),
    `import { asset, monthly, partitionWindow, pipeline, source, sql, t } from 'vibepiper';
const partitions = monthly({ start: '2026-01-01', end: '2026-03-01' });
const sales = asset('sales', {
  source: source('files', { path: '${path}' }),
  schema: { at: t.timestamp(), amount: t.int64() },
  partitions,
});
const growth = asset('growth', {
  partitions,
  sql: sql\`select sum(amount)::bigint as sold,
    (select sum(amount)::bigint from \${partitionWindow(sales, { from: -1, to: -1 })}) as sold_before from \${sales}\`,
});
export default pipeline({ assets: [sales, growth] });
`,
  );

async function rowsOf(asset: string): Promise<unknown> {
  const { data } = await vpJson<{ readonly rows: unknown }>(['query', `select * from ${asset} order by 1`], {
    cwd,
  });
  return data.rows;
}

test('each month reads its own file, and the first one has an empty month before it', async () => {
  pipelineWith('data/{partition}.csv');
  const { code, data } = await vpJson<RunSummary>(['run'], { cwd });
  expect({ code, results: data.results.map(({ stepId, rows }) => [stepId, rows]) }).toEqual({
    code: 0,
    results: [
      ['sales@date=2026-01', 1],
      ['sales@date=2026-02', 1],
      ['growth@date=2026-01', 1],
      ['growth@date=2026-02', 1],
    ],
  });
  expect(await rowsOf('growth')).toMatchObject([
    { sold: 1, sold_before: null },
    { sold: 20, sold_before: 1 },
  ]);
  writeFileSync(join(cwd, 'data/date=2026-02.csv'), 'at,amount\n2026-02-05T00:00:00,300\n');
  const plan = await vpJson<Plan>(['plan'], { cwd });
  expect(Object.fromEntries(plan.data.steps.map(({ id, reason }) => [id, reason.code]))).toEqual({
    'sales@date=2026-01': 'fresh',
    'sales@date=2026-02': 'stale',
    'growth@date=2026-01': 'fresh',
    'growth@date=2026-02': 'upstream',
  });
});

test('a path that is the same for every month is refused', async () => {
  pipelineWith('data/*.csv');
  const { code, data } = await vpJson<{ readonly error: VpErrorJson }>(['plan'], { cwd });
  expect(code).toBe(3);
  expect(data.error).toMatchObject({
    code: 'VP_SOURCE_NOT_PARTITIONED',
    hint: expect.stringContaining('data/{partition}.csv'),
  });
});
