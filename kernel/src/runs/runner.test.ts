import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executor } from '@vp/contracts';
import { VpError } from '@vp/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  publishTo,
  sourceAsset,
  sqlAsset,
  statusesOf,
  task,
} from '../../test/support/project.ts';
import { requestCancel } from './cancel.ts';

const boom = () => {
  throw new Error('boom');
};

describe('a run', () => {
  test('is recorded, with its events in order and one end for each step', async () => {
    const project = createTestProject({ tables: { orders: [{ id: 1n }] } });
    const pipeline = pipelineOf([
      sourceAsset('orders'),
      functionAsset('bad', [], boom),
      task('after', ['bad']),
    ]);
    const { run } = await project.run(pipeline, { select: ['*'] });
    expect(run).toMatchObject({
      status: 'failed',
      selection: '*',
      pid: process.pid,
      steps: { total: 3, succeeded: 1, failed: 1, blocked: 1, skipped: 0, cancelled: 0 },
      error: { code: 'VP_PLUGIN_THREW' },
    });
    expect(await project.store.runs({})).toEqual([JSON.parse(JSON.stringify(run))]);
    const events = (await project.store.events({ runId: run.id })).map(({ event }) => event);
    expect(events[0]?.type).toBe('run.started');
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(events.map((e) => e.seq)).toEqual(events.map((e) => e.seq).sort((a, b) => a - b));
    const ends = events.filter((e) => e.type === 'step.finished').map((e) => e.stepId);
    expect(ends.sort()).toEqual(['after', 'bad', 'orders']);
  });

  test('of what failed goes on from there', async () => {
    let isBroken = true;
    const project = createTestProject({ tables: { orders: [{ id: 1n }] } });
    const pipeline = pipelineOf(
      [
        sourceAsset('orders'),
        functionAsset('bad', ['orders'], (rows: readonly object[]) => (isBroken ? boom() : rows)),
        sqlAsset('after', ['bad'], 'select * from {bad}'),
        task('other'),
      ],
      [publishTo('after', 'out')],
    );
    await expect(project.plan(pipeline, { fromFailed: true })).rejects.toMatchObject({
      code: 'VP_PLAN_NO_RUNS',
    });
    await project.run(pipeline);
    isBroken = false;
    const summary = await project.run(pipeline, { fromFailed: true });
    expect(statusesOf(summary)).toEqual({
      bad: 'succeeded',
      after: 'succeeded',
      'publish:after->out': 'succeeded',
    });
    expect(summary.run.selection).toBe('--from-failed');
    await expect(project.plan(pipeline, { fromFailed: true })).rejects.toMatchObject({
      code: 'VP_PLAN_NOTHING_FAILED',
    });
  });

  test('that is stopped is cancelled, keeps what was committed, and frees the lock', async () => {
    const stop = new AbortController();
    const project = createTestProject({ tables: { orders: [{ id: 1n }] } });
    const pipeline = pipelineOf([
      sourceAsset('orders'),
      functionAsset('slow', ['orders'], async (rows: readonly object[], signal: AbortSignal) => {
        stop.abort();
        signal.throwIfAborted();
        return rows;
      }),
      task('after', ['slow']),
    ]);
    const summary = await project.run(pipeline, { signal: stop.signal });
    expect(summary.run.status).toBe('cancelled');
    expect(statusesOf(summary)).toEqual({ orders: 'succeeded', slow: 'cancelled', after: 'cancelled' });
    expect(await project.engine.snapshots()).toHaveLength(1);
    expect(project.store.locks.size).toBe(0);
  });

  test('that ended is said as it ended, also when its events and alerts get nowhere', async () => {
    const fail = async () => {
      throw new Error('database is locked');
    };
    const project = createTestProject({
      runner: { listen: async () => ({ hear: () => undefined, close: fail }) },
    });
    Object.assign(project.store, { appendEvents: fail });
    const { run } = await project.run(pipelineOf([task('t')]));
    expect(run.status).toBe('succeeded');
    expect(project.store.locks.size).toBe(0);
    expect(project.logs.join('\n')).toMatch(/Alerts were not all sent(.|\n)*record of the run is incomplete/);
  });

  test('removes what runs that died have staged, and only asks engines when one did', async () => {
    const state = mkdtempSync(join(tmpdir(), 'vp-leftovers-'));
    onTestFinished(() => rmSync(state, { recursive: true }));
    const dead = join(state, 'tmp', '20260101-000000-abcde-4194305-7');
    const other = join(state, 'tmp', 'crash-1.json');
    for (const folder of [dead, other]) mkdirSync(folder, { recursive: true });
    const paths = { project: state, state, resolve: (path: string) => join(state, path) };
    const project = createTestProject({ tables: { orders: [{ id: 1n }] }, runner: { paths } });
    const asked: unknown[] = [];
    project.engine.collectGarbage = async (request) => {
      asked.push(request);
      return [];
    };
    const recovered: unknown[] = [];
    project.sink.recover = async ({ options }) => {
      recovered.push(options);
      return [];
    };
    const pipeline = pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out')]);
    const { run } = await project.run(pipeline);
    expect(recovered).toEqual([]);
    expect([existsSync(dead), existsSync(other)]).toEqual([false, true]);
    expect(asked).toEqual([]);
    await project.store.putRun({ ...run, id: `${run.id}-later`, startedAt: Date.now(), status: 'crashed' });
    await project.run(pipeline);
    expect(asked).toEqual([{ keep: Number.MAX_SAFE_INTEGER }]);
    await project.run(pipeline);
    expect(asked).toHaveLength(1);
    mkdirSync(join(state, 'tmp', 'stage-of-somebody'));
    await project.run(pipeline);
    expect(asked).toHaveLength(2);
    expect(recovered).toEqual([{ path: 'out' }]);
  });

  test('is stopped from another process through the store', async () => {
    const project = createTestProject();
    const wait = (_: unknown, signal: AbortSignal) =>
      new Promise((_resolve, reject) => {
        const { runId = '' } = project.published.find((e) => e.type === 'run.started') ?? {};
        void requestCancel(project.store, runId);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    const { run } = await project.run(pipelineOf([task('t', [], wait)]));
    expect(run.status).toBe('cancelled');
    expect(await project.store.listState('runs/')).toEqual([]);
  });

  test('gives a step that is stopped for a reason that reason', async () => {
    const late = new VpError({ code: 'VP_STEP_TIMEOUT', class: 'transient', message: 'Too slow.' });
    const executor: Executor = {
      async execute({ plan, runStep }) {
        const signal = AbortSignal.abort(late);
        return Promise.all(plan.steps.map(({ id }) => runStep(id, { attempt: 1, signal })));
      },
    };
    const project = createTestProject({
      contributions: [{ point: 'executor', id: 'late', instance: executor }],
    });
    const { results } = await project.run(pipelineOf([task('t')]));
    expect(results[0]).toMatchObject({
      status: 'failed',
      error: { code: 'VP_STEP_TIMEOUT', phase: 'step t' },
    });
  });

  test('retries what is transient, and says so once', async () => {
    let calls = 0;
    const flaky = () => {
      calls += 1;
      if (calls === 1) throw new VpError({ code: 'VP_BUSY', class: 'transient', message: 'Busy.' });
      return undefined;
    };
    const project = createTestProject();
    const { run, results } = await project.run(pipelineOf([task('t', [], flaky)]));
    expect(run.status).toBe('succeeded');
    expect(results[0]).toMatchObject({ status: 'succeeded', attempt: 2 });
    const types = project.published.filter((e) => e.stepId === 't').map((e) => e.type);
    expect(types).toEqual(['step.started', 'step.retrying', 'step.started', 'step.finished']);
  });

  test('waits for another or refuses it by name', async () => {
    const project = createTestProject();
    const pipeline = pipelineOf([task('t')]);
    const other = await project.store.acquireLock('run', 'vp run +orders');
    if ('heldBy' in other) throw new Error('the lock was free');
    await expect(project.run(pipeline)).rejects.toMatchObject({
      code: 'VP_RUN_LOCKED',
      message: expect.stringContaining(`"vp run +orders", process ${process.pid} on `),
    });
    const waiting = project.run(pipeline, { waitMs: 10_000 });
    setTimeout(() => void other.release(), 20);
    expect((await waiting).run.status).toBe('succeeded');
  });
});

describe('taps', () => {
  test('one that throws before a run prevents it; later ones are only reported', async () => {
    const seen: string[] = [];
    const taps = {
      'run.starting': () => void seen.push('starting'),
      'step.finished': ({ result }: { result: { stepId: string } }) => {
        seen.push(result.stepId);
        throw new Error('tap');
      },
      'run.finished': boom,
    };
    const project = createTestProject({ taps });
    const { run } = await project.run(pipelineOf([task('t')]));
    expect(run.status).toBe('succeeded');
    expect(seen).toEqual(['starting', 't']);
    expect(project.logs.filter((line) => line.includes('tap of'))).toHaveLength(2);

    const prevented = createTestProject({ taps: { 'run.starting': boom } });
    await expect(prevented.run(pipelineOf([task('t')]))).rejects.toThrow('boom');
    expect(await prevented.store.runs({})).toEqual([]);
    expect(prevented.store.locks.size).toBe(0);
  });

  test('one may change the plan', async () => {
    const taps = {
      'plan.built': (plan: { steps: readonly object[] }) => ({ ...plan, steps: plan.steps.slice(0, 1) }),
    };
    const project = createTestProject({ taps });
    expect((await project.plan(pipelineOf([task('a'), task('b')]))).steps.map((s) => s.id)).toEqual(['a']);
  });
});

describe('an executor', () => {
  const withExecutor = (execute: Executor['execute']) =>
    createTestProject({ contributions: [{ point: 'executor', id: 'odd', instance: { execute } }] });

  test('that forgets a step is named', async () => {
    const { results, run } = await withExecutor(async () => []).run(pipelineOf([task('t')]));
    expect(run.status).toBe('failed');
    expect(results[0]?.error).toMatchObject({ code: 'VP_RUN_STEP_UNSETTLED', class: 'plugin' });
  });

  test('that throws leaves the rest cancelled', async () => {
    const { results, run } = await withExecutor(() => Promise.reject(new Error('no pool'))).run(
      pipelineOf([task('t')]),
    );
    expect(run).toMatchObject({ status: 'failed', error: { code: 'VP_RUN_EXECUTOR_FAILED' } });
    expect(results[0]?.status).toBe('cancelled');
  });
});

test('events that the store takes late are all there at the end', async () => {
  const project = createTestProject();
  const append = project.store.appendEvents.bind(project.store);
  let calls = 0;
  project.store.appendEvents = async (events) => {
    calls += 1;
    if (calls === 1) throw new Error('busy');
    await append(events);
  };
  const assets = Array.from({ length: 600 }, (_, i) => task(`t${i}`));
  const { run } = await project.run(pipelineOf(assets));
  const stored = await project.store.events({ runId: run.id, types: ['step.finished'] });
  expect(stored).toHaveLength(600);
});
