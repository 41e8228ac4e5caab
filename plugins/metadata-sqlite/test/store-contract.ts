import { hostname } from 'node:os';
import type { MaterializationRecord, RunRecord, StepStatus, Store, StoreLock, VpEvent } from '@vp/plugin-sdk';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

/** A place where stores are opened: each call of `open` is what another process would get. */
export interface StorePlace {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

/** What every store must do, whatever it is built on. `makePlace` gives an empty one. */
export function describeStoreContract(name: string, makePlace: () => Promise<StorePlace>): void {
  const openPlace = async () => {
    const place = await makePlace();
    const opened: Store[] = [];
    onTestFinished(async () => {
      for (const store of opened) await store[Symbol.asyncDispose]?.();
      await place.remove();
    });
    return {
      open: async () => {
        const store = await place.open();
        opened.push(store);
        return store;
      },
    };
  };
  const openStore = async () => (await openPlace()).open();

  describe(`store contract: ${name}`, () => {
    test('events come back as they were, in order, with growing positions', async () => {
      const place = await openPlace();
      const store = await place.open();
      const events = [log(0, 'a'), log(1, 'b', 'r1'), log(2, 'c', 'r1', 's1')];
      await store.appendEvents(events);
      await store.appendEvents([]);
      const stored = await (await place.open()).events({});
      expect(stored.map((s) => s.event)).toEqual(events);
      expect(stored.map((s) => s.position)).toEqual([...stored.map((s) => s.position)].sort((a, b) => a - b));
    });

    test('events are filtered by run, step, type, position and number', async () => {
      const store = await openStore();
      const started: VpEvent = {
        seq: 9,
        at: 9,
        type: 'step.started',
        asset: 'a',
        attempt: 1,
        runId: 'r2',
        stepId: 'a',
      };
      await store.appendEvents([log(0, 'x', 'r1'), log(1, 'y', 'r2'), started, log(3, 'z', 'r2', 'a')]);
      const messages = async (filter: Parameters<Store['events']>[0]) =>
        (await store.events(filter)).map(({ event }) => (event.type === 'log' ? event.message : event.type));
      expect(await messages({ runId: 'r2' })).toEqual(['y', 'step.started', 'z']);
      expect(await messages({ runId: 'r2', stepId: 'a', types: ['log'] })).toEqual(['z']);
      expect(await messages({ limit: 2 })).toEqual(['x', 'y']);
      const [first] = await store.events({ limit: 1 });
      expect(await messages({ after: first?.position ?? 0, limit: 1 })).toEqual(['y']);
      expect(await messages({ runId: 'none' })).toEqual([]);
      expect(await messages({ types: [] })).toEqual([]);
    });

    test('a run is replaced by id, and runs come newest first', async () => {
      const store = await openStore();
      await store.putRun(run({ id: 'old', startedAt: 1, status: 'failed' }));
      await store.putRun(run({ id: 'new', startedAt: 2 }));
      await store.putRun(run({ id: 'new', startedAt: 2, status: 'succeeded', finishedAt: 3 }));
      expect((await store.runs({})).map((r) => [r.id, r.status])).toEqual([
        ['new', 'succeeded'],
        ['old', 'failed'],
      ]);
      expect((await store.runs({ status: ['failed'] })).map((r) => r.id)).toEqual(['old']);
      expect((await store.runs({ limit: 1 })).map((r) => r.id)).toEqual(['new']);
      expect(await store.runs({ id: 'nobody' })).toEqual([]);
    });

    test('runs of living processes and of other hosts stay running; of dead ones are crashed', async () => {
      const store = await openStore();
      const dead = 2 ** 22 + 1; // above the largest pid of Linux
      await store.putRun(run({ id: 'mine', startedAt: 1 }));
      await store.putRun(run({ id: 'elsewhere', startedAt: 2, pid: dead, host: 'another-host' }));
      await store.putRun(run({ id: 'dead', startedAt: 3, pid: dead, steps: { ...noSteps, total: 5 } }));
      await store.appendEvents([
        finished('a', 'failed'),
        finished('a', 'succeeded'),
        finished('b', 'skipped'),
        { ...log(0, 'last sign', 'dead'), at: 77 },
      ]);
      const runs = await store.runs({});
      expect(runs.map((r) => [r.id, r.status])).toEqual([
        ['dead', 'crashed'],
        ['elsewhere', 'running'],
        ['mine', 'running'],
      ]);
      expect(runs[0]).toMatchObject({
        finishedAt: 77,
        steps: { total: 5, succeeded: 1, skipped: 1, failed: 0 },
      });
      expect((await store.runs({ status: ['crashed'] })).map((r) => r.id)).toEqual(['dead']);
    });

    test('the newest materialization of each step, and its history', async () => {
      const place = await openPlace();
      const store = await place.open();
      const first = record('orders', 'orders', 's1');
      const second = record('orders', 'orders', 's2');
      const part = record('flights', 'flights@date=2001-03', 's3', { partition: { date: '2001-03' } });
      await store.putMaterializations([first, part]);
      await store.putMaterializations([second]);
      const other = await place.open();
      expect(await other.materializations({})).toEqual([part, second]);
      expect(await other.materializations({ assets: ['flights', 'unknown'] })).toEqual([part]);
      expect(await other.materializations({ assets: [] })).toEqual([]);
      expect(await other.history({ stepId: 'orders' })).toEqual([second, first]);
      expect(await other.history({ stepId: 'orders', limit: 1 })).toEqual([second]);
    });

    test('more assets can be asked for than a statement takes parameters', async () => {
      const store = await openStore();
      const names = Array.from({ length: 1201 }, (_, i) => `a${i}`);
      await store.putMaterializations(names.map((n) => record(n, n, 's')));
      expect(await store.materializations({ assets: names })).toHaveLength(1201);
    });

    test('compare-and-set behaves like a map with versions that never come back', async () => {
      const place = await openPlace();
      const key = fc.constantFrom('a', 'a/b', 'a%', 'b');
      const step = fc.record({
        key,
        value: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }),
        isStale: fc.boolean(),
      });
      const store = await place.open();
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const prefix = `${round++}:`;
          const model = new Map<string, string>();
          const seen = new Map<string, Set<number>>();
          for (const { key, value, isStale } of steps) {
            const present = await store.getState(prefix + key);
            expect(present?.value).toEqual(model.has(key) ? JSON.parse(model.get(key) ?? '') : undefined);
            const expected = (present?.version ?? 0) + (isStale ? 1 : 0);
            const isWritten = await store.putState(
              prefix + key,
              value === undefined ? undefined : JSON.parse(JSON.stringify(value)),
              expected,
            );
            expect(isWritten).toBe(!isStale);
            if (isStale) continue;
            if (value === undefined) model.delete(key);
            else model.set(key, JSON.stringify(value));
            const version = (await store.getState(prefix + key))?.version;
            if (version === undefined) continue;
            const versions = seen.get(key) ?? new Set();
            expect(versions.has(version)).toBe(false);
            seen.set(key, versions.add(version));
          }
          expect(await store.listState(prefix)).toEqual([...model.keys()].map((k) => prefix + k).sort());
        }),
        { numRuns: 40 },
      );
    });

    test('of parallel writers with the same expectation exactly one wins', async () => {
      const place = await openPlace();
      const stores = await Promise.all([place.open(), place.open(), place.open()]);
      const won = await Promise.all(stores.map((store, i) => store.putState('k', i, 0)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await stores[0]?.getState('k')).toMatchObject({ value: won.indexOf(true) });
    });

    test('null is a value, undefined removes', async () => {
      const store = await openStore();
      expect(await store.putState('k', null, 0)).toBe(true);
      const held = await store.getState('k');
      expect(held?.value).toBeNull();
      expect(await store.putState('k', undefined, held?.version ?? 0)).toBe(true);
      expect(await store.getState('k')).toBeUndefined();
      expect(await store.putState('k', undefined, 0)).toBe(true);
    });

    test('a lock is held by one, says by whom, and is free after release', async () => {
      const place = await openPlace();
      const [a, b] = [await place.open(), await place.open()];
      const lock = await a.acquireLock('run', 'vp run orders');
      expect(isLock(lock)).toBe(true);
      expect(await b.acquireLock('run', 'vp run')).toMatchObject({
        heldBy: { pid: process.pid, host: hostname(), purpose: 'vp run orders' },
      });
      expect(isLock(await b.acquireLock('other', 'x'))).toBe(true);
      if (isLock(lock)) await lock.release();
      const next = await b.acquireLock('run', 'vp run');
      expect(isLock(next)).toBe(true);
      // A second release of the first owner must not free what another one holds now.
      if (isLock(lock)) await lock.release();
      expect(isLock(await a.acquireLock('run', 'late'))).toBe(false);
    });

    test('closing a store frees its locks, and the store refuses further use', async () => {
      const place = await openPlace();
      const store = await place.open();
      await store.acquireLock('run', 'x');
      await store[Symbol.asyncDispose]?.();
      expect(isLock(await (await place.open()).acquireLock('run', 'y'))).toBe(true);
      await expect(store.events({})).rejects.toMatchObject({ code: 'VP_STORE_CLOSED' });
      await expect(store.putState('a', 1, 0)).rejects.toMatchObject({ code: 'VP_STORE_CLOSED' });
    });
  });
}

/** Whether `acquireLock` gave the lock. */
export function isLock(result: Awaited<ReturnType<Store['acquireLock']>>): result is StoreLock {
  return 'release' in result;
}

/** A log event. */
export function log(seq: number, message: string, runId?: string, stepId?: string): VpEvent {
  return {
    seq,
    at: 1000 + seq,
    type: 'log',
    level: 'info',
    message,
    ...(runId === undefined ? {} : { runId }),
    ...(stepId === undefined ? {} : { stepId }),
  };
}

const noSteps = { total: 0, succeeded: 0, failed: 0, skipped: 0, blocked: 0, cancelled: 0 };

function finished(stepId: string, status: StepStatus): VpEvent {
  const result = { stepId, asset: stepId, status, attempt: 1, startedAt: 4, finishedAt: 5 };
  return { seq: 1, at: 5, type: 'step.finished', runId: 'dead', stepId, result };
}

/** A run of this process. */
function run(init: Partial<RunRecord> & { readonly id: string; readonly startedAt: number }): RunRecord {
  return {
    status: 'running',
    selection: '*',
    pid: process.pid,
    host: hostname(),
    steps: noSteps,
    ...init,
  };
}

/** A materialization of a step. */
function record(
  asset: string,
  stepId: string,
  version: string,
  more: Partial<MaterializationRecord> = {},
): MaterializationRecord {
  return {
    asset,
    stepId,
    version,
    runId: 'r1',
    fingerprint: 'f',
    definition: 'd',
    definitionParts: { code: 'c' },
    inputs: {},
    durationMs: 1,
    at: 5,
    ...more,
  };
}
