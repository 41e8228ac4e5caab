import { setTimeout as sleep } from 'node:timers/promises';
import { type Executor, VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  sourceAsset,
  task,
} from '../../test/support/project.ts';
import { requestCancel } from './cancel.ts';

const withExecutor = (execute: Executor['execute']) =>
  createTestProject({
    tables: { orders: [{ id: 1n }] },
    contributions: [{ point: 'executor', id: 'odd', instance: { execute } }],
  });

describe('an executor', () => {
  test('that thinks before it retries does not lose the attempt that succeeds', async () => {
    let calls = 0;
    const flaky = () => {
      calls += 1;
      if (calls === 1) throw new VpError({ code: 'VP_BUSY', class: 'transient', message: 'Busy.' });
    };
    const project = withExecutor(async ({ runStep, retrying }, { signal }) => {
      const first = await runStep('t', { attempt: 1, signal });
      await sleep(20);
      retrying('t', first, 0);
      return [await runStep('t', { attempt: 2, signal })];
    });
    const { run, results } = await project.run(pipelineOf([task('t', [], flaky)]));
    expect(results[0]).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(run).toMatchObject({ status: 'succeeded', steps: { succeeded: 1, failed: 0 } });
  });

  test('that breaks while a step runs does not let it write after the run, and the lock waits for it', async () => {
    const reached = Promise.withResolvers<void>();
    let isOver = false;
    const slow = async (rows: readonly object[]) => {
      reached.resolve();
      await sleep(50);
      isOver = true;
      return rows;
    };
    const project = withExecutor(async ({ runStep }, { signal }) => {
      await runStep('orders', { attempt: 1, signal });
      void runStep('slow', { attempt: 1, signal });
      await reached.promise;
      throw new Error('the pool is gone');
    });
    const pipeline = pipelineOf([sourceAsset('orders'), functionAsset('slow', ['orders'], slow)]);
    const { run } = await project.run(pipeline);
    expect(isOver).toBe(true);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'VP_RUN_EXECUTOR_FAILED' } });
    await sleep(20);
    expect(await project.engine.snapshots(['slow'])).toEqual([]);
  });

  test('that forgets a step which is running does not let it write after the run', async () => {
    const slow = async (rows: readonly object[]) => {
      await sleep(30);
      return rows;
    };
    const project = withExecutor(async ({ runStep }, { signal }) => {
      await runStep('orders', { attempt: 1, signal });
      void runStep('slow', { attempt: 1, signal });
      return [];
    });
    const pipeline = pipelineOf([sourceAsset('orders'), functionAsset('slow', ['orders'], slow)]);
    const { results } = await project.run(pipeline);
    expect(results.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
    await sleep(60);
    expect(await project.engine.snapshots(['slow'])).toEqual([]);
  });
});

test('a request to cancel that comes too late is not kept for ever', async () => {
  const project = createTestProject({
    runner: {
      listen: async ({ store }) => ({
        hear: () => undefined,
        close: async () => {
          const [run] = await store.runs({});
          await requestCancel(store, run?.id ?? '');
        },
      }),
    },
  });
  const { run } = await project.run(pipelineOf([task('t')]));
  expect(run.status).toBe('succeeded');
  expect(await project.store.listState('runs/')).toEqual([]);
});

describe('a store', () => {
  test('that does not release the lock does not hide how the run ended', async () => {
    const project = createTestProject();
    const acquire = project.store.acquireLock.bind(project.store);
    project.store.acquireLock = async (name, purpose) => ({
      ...(await acquire(name, purpose)),
      release: () => Promise.reject(new Error('disk I/O error')),
    });
    const { run } = await project.run(pipelineOf([task('t')]));
    expect(run.status).toBe('succeeded');
    expect(project.logs.join('\n')).toContain('disk I/O error');
  });

  test('that does not take materializations still has the record of how the run ended', async () => {
    const project = createTestProject();
    project.store.putMaterializations = () => Promise.reject(new Error('disk full'));
    await expect(project.run(pipelineOf([task('t')]))).rejects.toThrow('disk full');
    const [run] = await project.store.runs({});
    expect(run).toMatchObject({ status: 'succeeded', steps: { succeeded: 1 } });
    expect(project.published.at(-1)?.type).toBe('run.finished');
  });
});
