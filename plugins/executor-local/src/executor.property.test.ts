import type { PlanStep } from '@vp/plugin-sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failure, start, step } from '../test/harness.ts';

const classes = ['db', 'heavy', undefined] as const;

interface Case {
  readonly steps: readonly PlanStep[];
  readonly fails: ReadonlySet<string>;
  readonly flaky: ReadonlySet<string>;
  readonly cancelAfter: number | undefined;
  readonly concurrency: number;
}

/** Dependencies point to lower numbers, then the plan is shuffled: any order must do. */
const cases: fc.Arbitrary<Case> = fc
  .array(
    fc.record({
      dependsOn: fc.array(fc.nat(30), { maxLength: 4 }),
      resource: fc.constantFrom(...classes),
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'fails', 'flaky', 'skip'),
    }),
    { maxLength: 30 },
  )
  .chain((nodes) => {
    const ids = nodes.map((_, index) => `s${index}`);
    const of = (outcome: string) => new Set(ids.filter((_, index) => nodes[index]?.outcome === outcome));
    const steps = nodes.map((node, index) =>
      step(
        `s${index}`,
        node.dependsOn.filter((on) => on < index).map((on) => `s${on}`),
        {
          action: node.outcome === 'skip' ? 'skip' : 'run',
          ...(node.resource === undefined ? {} : { resource: node.resource }),
        },
      ),
    );
    return fc.record({
      steps: fc.shuffledSubarray(steps, { minLength: steps.length }),
      fails: fc.constant(of('fails')),
      flaky: fc.constant(of('flaky')),
      cancelAfter: fc.option(fc.nat(40), { nil: undefined }),
      concurrency: fc.integer({ min: 1, max: 5 }),
    });
  });

async function run({ steps, fails, flaky, cancelAfter, concurrency }: Case) {
  const limits = { db: 1, heavy: 2 };
  const byId = new Map(steps.map((each) => [each.id, each]));
  const active: string[] = [];
  const overLimit: string[] = [];
  let started = 0;
  const harness = start({
    steps,
    config: { concurrency, resources: limits, retries: 1, backoff: { min_ms: 0 } },
    work: async (id, { attempt, signal }) => {
      active.push(id);
      started += 1;
      if (started === cancelAfter) setImmediate(() => harness.context.abort(new Error('stop')));
      for (const [name, limit] of Object.entries(limits)) {
        if (active.filter((each) => byId.get(each)?.resource === name).length > limit) overLimit.push(name);
      }
      if (active.length > concurrency) overLimit.push('all');
      for (let turns = id.length % 3; turns >= 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
      active.splice(active.indexOf(id), 1);
      if (signal.aborted) return { status: 'cancelled' };
      if (fails.has(id)) return failure('data');
      return flaky.has(id) && attempt === 1 ? failure('transient') : {};
    },
  });
  return { results: await harness.results, log: harness.log, overLimit, byId };
}

test('every step is settled once, after its dependencies, within the limits, and blocked iff one upstream failed', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const { results, log, overLimit, byId } = await run(one);
      expect(overLimit).toEqual([]);
      expect(results.map((each) => each.stepId)).toEqual(one.steps.map((each) => each.id));
      const status = new Map(results.map((each) => [each.stepId, each.status]));
      const isCancelled = results.some((each) => each.status === 'cancelled');
      for (const { id, dependsOn, action } of one.steps) {
        const settled = log.filter((line) =>
          new RegExp(`^(skipped|blocked|cancelled|failed) ${id}$`).test(line),
        );
        const ends = log.filter((line) => line === `end ${id}`);
        const isRetried = log.some((line) => line.startsWith(`retry ${id} `));
        // Either the executor settled it or an attempt ended it; a retry may be cancelled in between.
        if (isRetried) expect(ends.length + settled.length).toBe(2);
        else expect(ends.length + settled.length).toBe(1);
        const first = log.findIndex((line) => line === `start ${id}` || settled.includes(line));
        for (const on of dependsOn) {
          const last = log.findLastIndex(
            (line) => line === `end ${on}` || new RegExp(`^[a-z]+ed ${on}$`).test(line),
          );
          expect(first).toBeGreaterThan(last);
        }
        const upstream = dependsOn.map((on) => status.get(on));
        const isBlocked = upstream.some((each) => each === 'failed' || each === 'blocked');
        expect(status.get(id) === 'blocked').toBe(isBlocked);
        if (isBlocked || isCancelled) continue;
        if (action === 'skip') expect(status.get(id)).toBe('skipped');
        else expect(status.get(id)).toBe(one.fails.has(id) ? 'failed' : 'succeeded');
      }
      expect(byId.size).toBe(results.length);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['chain', (n: number) => (n === 0 ? [] : [`s${n - 1}`])],
  ['fan', (n: number) => (n === 0 ? [] : ['s0'])],
  ['tree', (n: number) => (n === 0 ? [] : [`s${(n - 1) >> 1}`])],
])('10,000 steps in a %s end well, also when the first one fails', async (_, dependsOn) => {
  const steps = Array.from({ length: 10_000 }, (_, n) => step(`s${n}`, dependsOn(n)));
  const good = await start({ steps }).results;
  expect(new Set(good.map((each) => each.status))).toEqual(new Set(['succeeded']));
  const bad = await start({ steps, work: async (id) => (id === 's0' ? failure('data') : {}) }).results;
  expect(bad.filter((each) => each.status === 'blocked')).toHaveLength(9_999);
});
