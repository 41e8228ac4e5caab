import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunSummary, StepResult, StoredEvent } from '@vp/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { useProcessExecutor } from './lib/process-executor.ts';
import { versionedProject } from './lib/versioned-project.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

async function emptyProject(pipeline: string): Promise<string> {
  const { path, dispose } = await temporaryFolder();
  onTestFinished(dispose);
  await vp(['init', 'shop'], { cwd: path });
  const cwd = join(path, 'shop');
  writeFileSync(join(cwd, 'pipeline.ts'), pipeline);
  return cwd;
}

test('a stranger’s executor with a process for each step comes to the data of the local one, also when each process is killed once', {
  timeout: 180_000,
}, async () => {
  const [local, elsewhere] = await Promise.all([versionedProject(5_000), versionedProject(5_000)]);
  onTestFinished(local.dispose);
  onTestFinished(elsewhere.dispose);
  const { cwd } = elsewhere;
  useProcessExecutor(cwd, { concurrency: 4, kill_first_after_ms: 1_500 });
  await Promise.all([local.setInputs(1), elsewhere.setInputs(1)]);
  const here = await vpJson<RunSummary>(['run'], { cwd: local.cwd });
  const there = await vpJson<RunSummary>(['run'], { cwd });
  expect(there, JSON.stringify(there.data.run)).toMatchObject({ code: 0 });
  expect(there.data.results.some(({ attempt }) => attempt > 1)).toBe(true);
  const outcome = ({ stepId, asset, partition, status }: StepResult) => ({
    stepId,
    asset,
    partition,
    status,
  });
  expect(there.data.results.map(outcome)).toEqual(here.data.results.map(outcome));
  const found = ({ rows, checks }: Partial<StepResult> = {}) => ({ rows, checks });
  for (const [index, result] of there.data.results.entries()) {
    // What one that was killed between its commit and its answer counted and checked, nobody has heard.
    if (result.reason === 'done by an earlier attempt') continue;
    expect(found(result)).toEqual(found(here.data.results[index]));
  }
  expect(await elsewhere.assets()).toEqual(await local.assets());
  expect(await elsewhere.published()).toEqual(await local.published());
  const again = await vpJson<RunSummary>(['run'], { cwd });
  expect(new Set(again.data.results.map(({ status }) => status))).toEqual(new Set(['skipped']));
  expect(elsewhere.leftovers()).toEqual([]);
});

test('a worker that is killed in mid-step is tried again, and its leftovers are seen by nobody', {
  timeout: 60_000,
}, async () => {
  const cwd = await emptyProject(`
import { existsSync, writeFileSync } from 'node:fs';
import { asset, check, pipeline, publish, sink, sql, t } from 'vibepiper';

const numbers = asset('numbers', { sql: sql\`select range::int as n from range(20000)\` });
const doubled = asset('doubled', {
  from: numbers,
  schema: { n: t.int32() },
  checks: [check.unique('n').warn(), check.between('n', { max: 100 }).warn()],
  rows: ({ n }) => {
    if (n === 15000 && !existsSync('killed')) {
      writeFileSync('killed', String(process.pid));
      process.kill(process.pid, 'SIGKILL');
    }
    return { n: 2 * n };
  },
});
export default pipeline({ assets: [numbers, doubled], publish: [publish(doubled, sink('csv', { path: 'out.csv' }))] });
`);
  useProcessExecutor(cwd);
  const { code, data } = await vpJson<RunSummary>(['run'], { cwd });
  expect(code, JSON.stringify(data.run.error)).toBe(0);
  expect(existsSync(join(cwd, 'killed'))).toBe(true);
  expect(Number(readFileSync(join(cwd, 'killed'), 'utf8'))).not.toBe(data.run.pid);
  expect(data.results.map(({ stepId, status, attempt, rows }) => [stepId, status, attempt, rows])).toEqual([
    ['numbers', 'succeeded', 1, 20_000],
    ['doubled', 'succeeded', 2, 20_000],
    ['publish:doubled->csv', 'succeeded', 1, 20_000],
  ]);
  expect(readFileSync(join(cwd, 'out.csv'), 'utf8').trim().split('\n')).toHaveLength(20_001);
  const log = await vpJson<readonly StoredEvent[]>(['runs', 'logs', 'latest'], { cwd });
  const text = JSON.stringify(log.data);
  expect(text).toContain('killed by SIGKILL');
  const sums = await vpJson<{ readonly rows: readonly unknown[] }>(
    ['query', 'select count(*)::int as rows, sum(n)::int as sum from doubled'],
    { cwd },
  );
  expect(sums.data.rows).toEqual([{ rows: 20_000, sum: 399_980_000 }]);
});

test('a worker whose deployment differs refuses the step, and the error says in what', {
  timeout: 60_000,
}, async () => {
  const cwd = await emptyProject(`
import { asset, check, pipeline, sql } from 'vibepiper';
const min = Number(process.env.AT_LEAST ?? 1);
export default pipeline({
  assets: [asset('numbers', { sql: sql\`select 1 as n\`, checks: [check.rowCount({ min })] })],
});
`);
  useProcessExecutor(cwd);
  const toml = join(cwd, 'vp.toml');
  writeFileSync(toml, `${readFileSync(toml, 'utf8')}\n[executor.processes.env]\nAT_LEAST = "0"\n`);
  const { code, data } = await vpJson<RunSummary>(['run'], { cwd });
  expect(code).toBe(3);
  expect(data.run.error).toMatchObject({
    code: 'VP_WORKER_DIFFERS',
    message: expect.stringMatching(/numbers: checks\.$/),
  });
  const { stderr } = await vp(['query', 'select * from numbers'], { cwd });
  expect(stderr).toContain('numbers');
});

const slowPipeline = `
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { asset, pipeline, sql, t } from 'vibepiper';
const numbers = asset('numbers', { sql: sql\`select range::int as n from range(1000)\` });
const slow = asset('slow', {
  from: numbers,
  schema: { n: t.int32() },
  rows: async (row, { signal, logger }) => {
    if (row.n === 500) {
      logger.warn('row 500 takes its time');
      signal.addEventListener('abort', () => writeFileSync('aborted', ''));
      writeFileSync('waiting', '');
      await wait(60_000, undefined, { signal });
    }
    return row;
  },
});
export default pipeline({ assets: [numbers, slow] });
`;

async function appearanceOf(file: string): Promise<void> {
  while (!existsSync(file)) await wait(20);
}

test('a run that is stopped stops its workers, and what they had not committed is gone', {
  timeout: 60_000,
}, async () => {
  const cwd = await emptyProject(slowPipeline);
  useProcessExecutor(cwd);
  const { code, data } = await vpJson<RunSummary>(['run'], {
    cwd,
    onStart: async (kill) => {
      await appearanceOf(join(cwd, 'waiting'));
      kill('SIGINT');
    },
  });
  expect(code).toBe(130);
  expect(data.results.map(({ stepId, status }) => [stepId, status])).toEqual([
    ['numbers', 'succeeded'],
    ['slow', 'cancelled'],
  ]);
  expect(readdirSync(join(cwd, '.vp/tmp'), { recursive: true })).toEqual([]);
  const log = await vpJson<readonly StoredEvent[]>(['runs', 'logs', 'latest'], { cwd });
  expect(JSON.stringify(log.data)).toContain('row 500 takes its time');
});

test('workers of a run that was killed end by themselves, and the next run goes on', {
  timeout: 60_000,
}, async () => {
  const cwd = await emptyProject(slowPipeline);
  useProcessExecutor(cwd);
  const killed = await vp(['run'], {
    cwd,
    onStart: async (kill) => {
      await appearanceOf(join(cwd, 'waiting'));
      kill('SIGKILL');
    },
  });
  expect(killed.code).toBe(null);
  await appearanceOf(join(cwd, 'aborted'));
  writeFileSync(join(cwd, 'pipeline.ts'), slowPipeline.replace('60_000', '1'));
  const { code, data } = await vpJson<RunSummary>(['run'], { cwd });
  expect(code, JSON.stringify(data.run.error)).toBe(0);
  expect(data.results.map(({ status }) => status)).toEqual(['skipped', 'succeeded']);
});

test('a step of a run that is not there is refused in the last line, and people are not told of the command', async () => {
  const cwd = await emptyProject(slowPipeline);
  const { code, stdout } = await vp(['worker', 'step', '--run', 'nobody', '--step', 'slow'], { cwd });
  expect(code).toBe(3);
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    stepId: 'slow',
    status: 'failed',
    error: { code: 'VP_WORKER_RUN_UNKNOWN' },
  });
  expect((await vp(['--help'], { cwd })).stdout).not.toContain('worker');
});
