import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecuteRequest, Executor, PipelineSpec, StepResult } from '@vp/contracts';
import { isVpError } from '@vp/contracts';
import { expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  publishTo,
  sourceAsset,
  sqlAsset,
  statusesOf,
  task,
} from '../../test/support/project.ts';
import { createEventStream } from '../events/index.ts';
import { createRedactor } from '../secrets/index.ts';
import { requestCancel } from './cancel.ts';
import { createWorker, type Worker, type WorkerStepRequest } from './worker.ts';

type Attempt = (request: WorkerStepRequest, worker: Worker) => Promise<string>;

/** What `vp worker step` does: every end is said in the last line. */
const answer: Attempt = async (request, worker) => {
  try {
    return `printed by user code\n${JSON.stringify(await worker.runStep(request))}\n`;
  } catch (error) {
    if (!isVpError(error)) throw error;
    const { stepId, attempt } = request;
    const times = { startedAt: 0, finishedAt: 0 };
    return JSON.stringify({ stepId, asset: stepId, status: 'failed', attempt, ...times, error });
  }
};

/** Runs every step by a worker with an event stream of its own, and tries transient failures again. */
function remoteProject(
  init: { readonly pipeline?: PipelineSpec; readonly attempt?: Attempt; readonly lockDigest?: string } = {},
) {
  let pipeline = init.pipeline;
  const executor: Executor = {
    async execute(request, { signal }) {
      const results = new Map<string, StepResult>();
      for (const step of request.plan.steps) {
        const bad = step.dependsOn.some(
          (id) => !['succeeded', 'skipped'].includes(results.get(id)?.status ?? ''),
        );
        const settled = bad
          ? request.settleStep(step.id, 'blocked', 'upstream')
          : await elsewhere(request, step.id, signal);
        results.set(step.id, settled);
      }
      return [...results.values()];
    },
  };
  const project = createTestProject({
    tables: { orders: [{ id: 1n }, { id: -2n }] },
    contributions: [{ point: 'executor', id: 'remote', instance: executor }],
  });
  const bound = project.host.bound;
  project.host.bound = (point) => (point === 'executor' ? 'remote' : bound(point));
  const { host, clock, logger, store } = project;
  const state = join(tmpdir(), `vp-worker-test-${process.pid}`);
  const redactor = createRedactor();
  const worker = createWorker({
    host,
    clock,
    logger,
    redactor,
    lockDigest: init.lockDigest,
    events: createEventStream({ redactor, clock }),
    paths: { project: state, state, resolve: (path) => join(state, path) },
  });
  async function elsewhere(request: ExecuteRequest, stepId: string, signal: AbortSignal) {
    for (let attempt = 1; ; attempt += 1) {
      const [, , , runId = ''] = request.worker.argv(stepId, attempt);
      if (pipeline === undefined) throw new TypeError('no pipeline');
      const output = await (init.attempt ?? answer)({ runId, stepId, attempt, pipeline, signal }, worker);
      const result = await request.worker.ended(stepId, { attempt, output, ending: 'exit code 137' });
      if (result.error?.class !== 'transient' || attempt === 3) return result;
      request.retrying(stepId, result, 0);
    }
  }
  const { engine, published, plan } = project;
  return {
    store,
    engine,
    published,
    plan,
    worker,
    run: (given: PipelineSpec) => {
      pipeline ??= given;
      return project.run(given);
    },
    typesOf: async (runId: string, stepId: string) =>
      (await store.events({ runId, stepId })).map(({ event }) => event.type),
  };
}

const shop = () =>
  pipelineOf(
    [
      sourceAsset('orders', 'orders', { checks: [positive('id', { severity: 'warn' })] }),
      task('told', ['orders']),
      sqlAsset('after', ['orders'], 'select * from {orders}'),
      functionAsset('last', ['after'], (rows: readonly object[]) => rows),
    ],
    [publishTo('last', 'out')],
  );

test('steps of workers count as steps of the run: once in the store, and heard of here', async () => {
  const project = remoteProject();
  const { run, results } = await project.run(shop());
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(run).toMatchObject({ status: 'succeeded', steps: { total: 5, succeeded: 5 } });
  expect(await project.typesOf(run.id, 'orders')).toEqual([
    'step.started',
    'check.finished',
    'snapshot.committed',
    'step.finished',
  ]);
  const heard = project.published.filter(({ stepId }) => stepId === 'orders').map(({ type }) => type);
  expect(heard).toEqual(['step.started', 'check.finished', 'snapshot.committed', 'step.finished']);
  for (const stepId of ['orders', 'told', 'after', 'last', 'publish:last->out']) {
    expect(await project.store.history({ stepId })).toHaveLength(1);
  }
  expect((await project.plan(shop())).steps.map(({ action }) => action)).toEqual(Array(5).fill('skip'));
});

test('an answer that is lost after the commit is asked for again, and nothing is done twice', async () => {
  let told = 0;
  const project = remoteProject({
    attempt: async (request, worker) => {
      const output = await answer(request, worker);
      return request.attempt === 1 ? 'Killed' : output;
    },
  });
  const pipeline = pipelineOf(
    [
      sourceAsset('orders'),
      task('told', ['orders'], () => {
        told += 1;
      }),
    ],
    [publishTo('orders', 'out')],
  );
  const summary = await project.run(pipeline);
  expect(statusesOf(summary)).toEqual({
    orders: 'succeeded',
    told: 'succeeded',
    'publish:orders->out': 'succeeded',
  });
  expect(told).toBe(1);
  expect(new Set(summary.results.map(({ reason }) => reason))).toEqual(
    new Set(['done by an earlier attempt']),
  );
  expect(await project.store.history({ stepId: 'publish:orders->out' })).toMatchObject([{ rows: 2 }]);
  expect(await project.engine.history({ asset: 'orders' })).toHaveLength(1);
  expect(await project.store.history({ stepId: 'orders' })).toHaveLength(1);
  const retries = project.published.filter(({ type }) => type === 'step.retrying');
  expect(retries).toMatchObject([
    { error: { code: 'VP_WORKER_LOST', message: expect.stringContaining('exit code 137') } },
    {},
    {},
  ]);
});

test('a record that died with its worker is written by the next attempt', async () => {
  const project = remoteProject({
    attempt: async (request, worker) => {
      if (request.attempt > 1) return answer(request, worker);
      const write = project.store.putMaterializations;
      project.store.putMaterializations = () => Promise.reject(new Error('the disk is full'));
      await answer(request, worker);
      project.store.putMaterializations = write;
      return '';
    },
  });
  const { run } = await project.run(pipelineOf([sourceAsset('orders')]));
  expect(run.status).toBe('succeeded');
  expect(await project.engine.history({ asset: 'orders' })).toHaveLength(1);
  expect(await project.store.history({ stepId: 'orders' })).toMatchObject([{ runId: run.id }]);
});

test('a worker whose step means something else refuses it, and says what differs', async () => {
  const other = pipelineOf([sourceAsset('orders', 'orders', { codeVersion: '2' })]);
  const project = remoteProject({ pipeline: other });
  const { run } = await project.run(pipelineOf([sourceAsset('orders')]));
  expect(run.error).toMatchObject({
    code: 'VP_WORKER_DIFFERS',
    class: 'config',
    message: expect.stringContaining('orders: code.'),
  });
  expect(await project.engine.snapshots()).toEqual([]);
});

test('a worker with other plugins installed refuses the step', async () => {
  const project = remoteProject({ lockDigest: 'sha256-of-another-lock' });
  const { run } = await project.run(pipelineOf([sourceAsset('orders')]));
  expect(run.error).toMatchObject({
    code: 'VP_WORKER_DIFFERS',
    message: expect.stringContaining('lock file none -> sha256-of-another-lock'),
  });
  expect(await project.engine.snapshots()).toEqual([]);
});

test('a worker that commits elsewhere is found out', async () => {
  const said = { stepId: 'orders', asset: 'orders', status: 'succeeded', startedAt: 0, finishedAt: 0 };
  const project = remoteProject({ attempt: async () => JSON.stringify({ ...said, snapshot: 'elsewhere' }) });
  const { run } = await project.run(pipelineOf([sourceAsset('orders')]));
  expect(run.error).toMatchObject({ code: 'VP_WORKER_ELSEWHERE', class: 'config' });
});

test('a step of an unknown run, a finished run or an unknown name is refused', async () => {
  const project = remoteProject();
  const pipeline = shop();
  const { run } = await project.run(pipeline);
  const ask = (runId: string, stepId = 'orders') =>
    project.worker.runStep({ runId, stepId, attempt: 1, pipeline });
  await expect(ask('nobody')).rejects.toMatchObject({ code: 'VP_WORKER_RUN_UNKNOWN', class: 'config' });
  await expect(ask(run.id)).rejects.toMatchObject({ code: 'VP_WORKER_RUN_OVER' });
  await project.store.putRun({ ...run, status: 'running' });
  await expect(ask(run.id, 'order')).rejects.toMatchObject({ code: 'VP_WORKER_STEP_UNKNOWN' });
});

test('a worker ends when its run is to be stopped, wherever it is', async () => {
  const wait = (_: unknown, signal: AbortSignal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  const project = remoteProject({
    attempt: async (request, worker) => {
      await requestCancel(project.store, request.runId);
      const { signal: _, ...alone } = request;
      return answer(alone, worker);
    },
  });
  const { results, run } = await project.run(pipelineOf([task('slow', [], wait)]));
  expect(results).toMatchObject([{ status: 'cancelled' }]);
  expect(run.status).toBe('cancelled');
});
