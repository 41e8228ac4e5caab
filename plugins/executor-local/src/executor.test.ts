import { fakeClock, testContext } from '@vp/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { failure, start, step, systemClock } from '../test/harness.ts';
import { createLocalExecutor } from './executor.ts';

/** Runs until its signal aborts, then ends as the host reports it. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<{ status: 'cancelled' }>((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'cancelled' }), { once: true });
  });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('order', () => {
  test('the longest way is started first, then the order of the plan', async () => {
    const steps = [step('a'), step('b'), step('c'), step('c2', ['c']), step('c3', ['c2'])];
    const { results, log } = start({ steps, config: { concurrency: 1 } });
    await results;
    expect(log.filter((line) => line.startsWith('start'))).toEqual(
      ['c', 'c2', 'a', 'b', 'c3'].map((id) => `start ${id}`),
    );
  });

  test('steps run side by side up to the concurrency, and each class up to its limit', async () => {
    const steps = Array.from({ length: 12 }, (_, n) =>
      step(`s${n}`, [], n % 2 === 0 ? { resource: 'db' } : {}),
    );
    let db = 0;
    let most = 0;
    const run = start({
      steps,
      config: { concurrency: 4, resources: { db: 1 } },
      work: async (id) => {
        const isDb = Number(id.slice(1)) % 2 === 0;
        if (isDb) most = Math.max(most, ++db);
        await turn();
        if (isDb) db -= 1;
        return {};
      },
    });
    await run.results;
    expect(run.most()).toBe(4);
    expect(most).toBe(1);
  });

  test('the command line has the last word on concurrency', async () => {
    const run = start({
      steps: ['a', 'b', 'c'].map((id) => step(id)),
      config: { concurrency: 3 },
      options: { concurrency: 1 },
      work: async () => turn().then(() => ({})),
    });
    await run.results;
    expect(run.most()).toBe(1);
  });

  test.each([0, 1.5, 'two'])('a concurrency of %j is refused', async (concurrency) => {
    await expect(start({ steps: [], options: { concurrency } }).results).rejects.toMatchObject({
      code: 'VP_EXECUTOR_BAD_OPTION',
    });
  });
});

describe('failures', () => {
  test('what hangs on a failed step is blocked, and the rest goes on', async () => {
    const steps = [step('a'), step('b', ['a']), step('c', ['b']), step('d'), step('e', ['d', 'gone'])];
    const run = start({ steps, work: async (id) => (id === 'a' ? failure('data') : {}) });
    expect(await run.statuses()).toEqual({
      a: 'failed',
      b: 'blocked',
      c: 'blocked',
      d: 'succeeded',
      e: 'succeeded',
    });
    expect(run.settled.get('c')).toMatchObject([{ reason: 'a failed' }]);
    expect(run.log).not.toContain('retry a in 500');
  });

  test('a step that the plan skips is skipped', async () => {
    const run = start({ steps: [step('a', [], { action: 'skip' }), step('b', ['a'])] });
    expect(await run.statuses()).toEqual({ a: 'skipped', b: 'succeeded' });
  });

  test('a host that rejects instead of giving a result costs the step, not the run', async () => {
    const run = start({
      steps: [step('a'), step('b')],
      work: async (id) => (id === 'a' ? Promise.reject('odd') : {}),
    });
    expect(await run.statuses()).toEqual({ a: 'failed', b: 'succeeded' });
    expect(run.settled.get('a')).toMatchObject([{ error: { code: 'VP_STEP_REJECTED' } }]);
  });

  test.each([
    [[step('a'), step('a')], 'two steps have the id a'],
    [[step('a', ['b']), step('b', ['a']), step('c')], 'steps wait for each other: a, b'],
  ])('a plan that makes no sense is refused before anything runs', async (steps, problem) => {
    const run = start({ steps });
    await expect(run.results).rejects.toMatchObject({ message: `The plan cannot be run: ${problem}.` });
    expect(run.log).toEqual([]);
  });
});

describe('retries', () => {
  test('only transient failures are tried again, later each time, without holding a slot', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('a'), step('b')],
      clock,
      config: { concurrency: 1, retries: 3, backoff: { min_ms: 100, max_ms: 300, factor: 2, jitter: 0.5 } },
      work: async (id, { attempt }) => (id === 'a' && attempt < 4 ? failure('transient') : {}),
    });
    await clock.advance(0);
    expect(run.log).toEqual(['start a', 'end a', 'retry a in 100', 'start b', 'end b']);
    await clock.advance(1_000);
    expect(run.log.filter((line) => line.startsWith('retry'))).toEqual([
      'retry a in 100',
      'retry a in 200',
      'retry a in 300',
    ]);
    expect(await run.results).toMatchObject([{ status: 'succeeded', attempt: 4 }, {}]);
  });

  test('an asset says for itself how often', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('a', [], { retries: 0 }), step('b', [], { retries: 1 })],
      clock,
      work: async () => failure('transient'),
    });
    await clock.advance(60_000);
    expect(await run.results).toMatchObject([
      { attempt: 1, status: 'failed' },
      { attempt: 2, status: 'failed' },
    ]);
  });
});

describe('time-outs', () => {
  test('a step that takes too long is aborted with the reason, and tried again', async () => {
    const clock = fakeClock();
    const reasons: unknown[] = [];
    const run = start({
      steps: [step('a', [], { timeoutMs: 1_000, retries: 1 }), step('b', ['a'])],
      clock,
      work: async (id, { attempt, signal }) => {
        if (id === 'b' || attempt === 2) return {};
        const end = await untilAborted(signal);
        reasons.push(signal.reason);
        return end;
      },
    });
    await clock.advance(999);
    expect(reasons).toEqual([]);
    await clock.advance(10_000);
    expect(reasons).toMatchObject([{ code: 'VP_STEP_TIMEOUT', message: 'Step a took longer than 1000 ms.' }]);
    expect(await run.statuses()).toEqual({ a: 'succeeded', b: 'succeeded' });
  });

  test('the last attempt that is too late fails with the time-out, whatever the host calls it', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('a'), step('b', ['a'])],
      clock,
      config: { timeout_ms: 50, retries: 0 },
      work: async (_, { signal }) => untilAborted(signal),
    });
    await clock.advance(100);
    expect(await run.results).toMatchObject([
      { status: 'failed', error: { code: 'VP_STEP_TIMEOUT' } },
      { status: 'blocked' },
    ]);
  });

  test('a step that does not stop is given up, so that the run ends', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('a'), step('b')],
      clock,
      config: { timeout_ms: 50, grace_ms: 200, concurrency: 1 },
      work: async (id) => (id === 'a' ? new Promise(() => {}) : {}),
    });
    await clock.advance(300);
    expect(await run.results).toMatchObject([
      { status: 'failed', error: { code: 'VP_STEP_UNRESPONSIVE', cause: { code: 'VP_STEP_TIMEOUT' } } },
      { status: 'succeeded' },
    ]);
  });
});

describe('cancelling', () => {
  test('nothing starts any more, what runs is aborted, the rest is settled', async () => {
    const run = start({
      steps: [step('a'), step('b'), step('c', ['a']), step('d', ['c'])],
      config: { concurrency: 1 },
      work: async (_, { signal }) => untilAborted(signal),
    });
    await turn();
    run.context.abort(new Error('Ctrl-C'));
    expect(await run.statuses()).toEqual({ a: 'cancelled', b: 'cancelled', c: 'cancelled', d: 'cancelled' });
    expect(run.log.filter((line) => line.startsWith('start'))).toEqual(['start a']);
    expect(run.settled.get('b')).toMatchObject([{ reason: 'Ctrl-C' }]);
  });

  test('what was finished stays, what had failed still blocks, a waiting retry is cancelled', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('ok'), step('bad'), step('next', ['bad', 'slow']), step('slow'), step('again')],
      clock,
      work: async (id, { signal }) => {
        if (id === 'bad') return failure('data');
        if (id === 'again') return failure('transient');
        return id === 'slow' ? untilAborted(signal) : {};
      },
      config: { concurrency: 5 },
    });
    await clock.advance(1);
    run.context.abort(new Error('Ctrl-C'));
    expect(await run.statuses()).toEqual({
      ok: 'succeeded',
      bad: 'failed',
      next: 'blocked',
      slow: 'cancelled',
      again: 'cancelled',
    });
    expect(run.settled.get('again')).toMatchObject([
      { reason: 'Ctrl-C, before another attempt after: a transient failure' },
    ]);
    expect(clock.nextWake).toBeUndefined();
  });

  test('a step that ignores it is given up after the grace period', async () => {
    const clock = fakeClock();
    const run = start({
      steps: [step('a')],
      clock,
      work: () => new Promise(() => {}),
      config: { grace_ms: 100 },
    });
    await clock.advance(0);
    run.context.abort();
    await clock.advance(100);
    expect(await run.results).toMatchObject([{ status: 'failed', error: { code: 'VP_STEP_UNRESPONSIVE' } }]);
  });

  test('a run that is cancelled before it starts runs nothing', async () => {
    const context = testContext();
    context.abort();
    const executor = createLocalExecutor({ config: {}, clock: systemClock });
    const settled: string[] = [];
    await executor.execute(
      {
        runId: 'r',
        plan: { id: 'p', createdAt: 0, project: 'x', steps: [step('a'), step('b', ['a'])] },
        options: {},
        worker: { argv: () => [], ended: () => Promise.reject(new Error('no step runs elsewhere')) },
        runStep: () => Promise.reject(new Error('ran')),
        retrying: () => {},
        settleStep: (stepId, status) => {
          settled.push(`${status} ${stepId}`);
          return { stepId, asset: stepId, status, attempt: 0, startedAt: 0, finishedAt: 0 };
        },
      },
      context,
    );
    expect(settled).toEqual(['cancelled a', 'cancelled b']);
  });
});

describe('memory', () => {
  const heavy = ['a', 'b'].map((id) => step(id, [], { resource: 'heavy' }));
  const config = { memory: { soft: '50%', hard: '90%' }, concurrency: 4 };

  test('above the soft limit steps that need much wait for others to end; light ones do not', async () => {
    const run = start({
      steps: [...heavy, step('light')],
      config,
      memory: () => ({ rss: 60, total: 100 }),
      work: async () => turn().then(() => ({})),
    });
    expect(await run.statuses()).toEqual({ a: 'succeeded', b: 'succeeded', light: 'succeeded' });
    expect(run.log.slice(0, 2)).toEqual(['start a', 'start light']);
    const first = Math.min(run.log.indexOf('end a'), run.log.indexOf('end b'));
    expect(Math.max(run.log.indexOf('start a'), run.log.indexOf('start b'))).toBeGreaterThan(first);
  });

  test('that a step waits is said once, however many others end meanwhile', async () => {
    const run = start({
      steps: [...heavy, ...Array.from({ length: 30 }, (_, n) => step(`light${n}`))],
      config: { ...config, concurrency: 2 },
      memory: () => ({ rss: 60, total: 100 }),
      work: async () => turn().then(() => ({})),
    });
    await run.results;
    const lines = run.context.logs.map(({ message }) => message);
    expect(lines).toEqual(['Step b waits until other steps have given back memory.']);
  });

  test('above the hard limit a step fails with what is used, what may be, and what to do', async () => {
    const steps = [...heavy, step('after', ['a']), step('light')];
    const run = start({ steps, config, memory: () => ({ rss: 95 * 2 ** 20, total: 100 * 2 ** 20 }) });
    expect(await run.statuses()).toEqual({ a: 'failed', b: 'failed', after: 'blocked', light: 'succeeded' });
    expect(run.settled.get('a')).toMatchObject([
      {
        error: {
          code: 'VP_EXECUTOR_MEMORY',
          message: 'Step a cannot start: this process uses 95 MB and its limit is 90 MB.',
        },
      },
    ]);
  });

  test('sizes can be said outright; nonsense is refused', async () => {
    const memory = () => ({ rss: 2 ** 30, total: 2 ** 40 });
    const executor = (soft: string) =>
      createLocalExecutor({ config: { concurrency: 2, memory: { soft } }, clock: systemClock, memory });
    expect(await executor('512MB').check?.(testContext())).toEqual({
      ok: true,
      message: '2 steps at a time; 1.0 GB of 1024.0 GB memory in use.',
    });
    await expect(executor('lots').check?.(testContext())).rejects.toMatchObject({
      code: 'VP_EXECUTOR_BAD_OPTION',
    });
    expect(await executor('1TB').check?.(testContext())).toMatchObject({ ok: false });
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
  'a wait of %d that the other side asks for is passed over',
  async (retryAfterMs) => {
    const busy = failure('transient');
    const run = start({
      steps: [step('a')],
      config: { backoff: { min_ms: 1 } },
      work: async (_, { attempt }) =>
        attempt === 1 && busy.error !== undefined ? { ...busy, error: { ...busy.error, retryAfterMs } } : {},
    });
    expect(await run.statuses()).toEqual({ a: 'succeeded' });
    expect(run.log).toContain('retry a in 1');
  },
  2_000,
);
