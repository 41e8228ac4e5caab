import { testContext } from '../../testing/test-context.ts';
import { ensure, ensureSame, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import { attemptsOf, ensureSettled, simulateOne, statusOf } from './outcomes.ts';
import { scenario, step } from './plans.ts';
import { simulate } from './simulate.ts';
import type { ExecutorSubject } from './subject.ts';

/** Laws on cancelling, time-outs and what breaks. */
export const controlLaws: readonly Law<ExecutorSubject>[] = [
  {
    id: 'X10',
    title: 'an abort stops what runs, settles the rest as cancelled, and the run ends within a second',
    proves: 'Ctrl-C leaves a whole record: what is done, what is not, where to go on.',
    level: 'must',
    async run(subject) {
      const steps = [
        step('first'),
        step('hangs', ['first']),
        step('never', ['hangs']),
        step('skip', [], { action: 'skip' }),
      ];
      const context = testContext();
      let aborted = 0;
      const run = await simulate(subject, scenario(steps, { hangs: { kind: 'hang' } }), {
        context,
        timePasses: false,
        watch: ({ did, step: id }) => {
          if (did !== 'start' || id !== 'hangs') return;
          setImmediate(() => {
            aborted = performance.now();
            context.abort();
          });
        },
      });
      ensure(performance.now() - aborted < 1_000, 'the run did not end within a second of the abort');
      ensureSame(statusOf(run, 'first'), 'succeeded', 'the status of what was done before');
      for (const id of ['hangs', 'never']) ensureSame(statusOf(run, id), 'cancelled', `the status of ${id}`);
      ensureSame(run.results.length, steps.length, 'the number of results');
    },
  },
  {
    id: 'X11',
    title: 'an abort while a step waits for its next attempt ends the wait',
    proves: 'Ctrl-C works in a minute-long backoff, too.',
    level: 'must',
    exempt: (subject) => (subject.clock ? undefined : 'time cannot be stopped'),
    async run(subject) {
      const context = testContext();
      const work = simulateOne(subject, { kind: 'fail', class: 'transient' }, 9, {
        context,
        timePasses: false,
        watch: ({ did }) => void (did === 'retrying' && setImmediate(() => context.abort())),
      });
      const run = await within(2_000, work, 'the run');
      ensure(['cancelled', 'failed'].includes(statusOf(run, 'a') ?? ''), `the step is ${statusOf(run, 'a')}`);
      ensureSame(attemptsOf(run, 'a'), [1], 'the attempts');
    },
  },
  {
    id: 'X12',
    title: 'a run that is cancelled before it begins starts nothing and settles everything',
    proves: 'There is a record even of what never began.',
    level: 'must',
    async run(subject) {
      const context = testContext();
      context.abort();
      const wanted = scenario([step('a'), step('b', ['a'])]);
      const run = await simulate(subject, wanted, { context });
      ensureSettled(
        run,
        wanted,
        new Map([
          ['a', 'cancelled'],
          ['b', 'cancelled'],
        ]),
      );
      ensureSame(run.deeds.filter((d) => d.did === 'start').length, 0, 'the number of steps started');
    },
  },
  {
    id: 'X15',
    title: 'a step that takes longer than its time-out is aborted and fails; the others go on',
    proves: 'A hanging query does not hang the run.',
    level: 'must',
    async run(subject) {
      const steps = [step('slow', [], { timeoutMs: 100 }), step('other'), step('after', ['slow'])];
      const wanted = scenario(steps, { slow: { kind: 'hang' } });
      const run = await within(5_000, simulate(subject, wanted), 'the run');
      ensureSettled(
        run,
        wanted,
        new Map([
          ['slow', 'failed'],
          ['other', 'succeeded'],
          ['after', 'blocked'],
        ]),
      );
    },
  },
  {
    id: 'X16',
    title: 'a runStep that rejects fails its step and nothing else',
    proves: 'A fault of the host is one failed step with its reason, not a run without an end.',
    level: 'must',
    async run(subject) {
      const wanted = scenario([step('bad'), step('after', ['bad']), step('good')], {
        bad: { kind: 'reject' },
      });
      const run = await within(5_000, simulate(subject, wanted), 'the run');
      ensureSettled(
        run,
        wanted,
        new Map([
          ['bad', 'failed'],
          ['after', 'blocked'],
          ['good', 'succeeded'],
        ]),
      );
    },
  },
  {
    id: 'X22',
    title: 'the limit holds for steps that are tried again, too',
    proves: 'A database that is busy is not hit by all retries at once.',
    level: 'must',
    exempt: (subject) => (subject.withConcurrency ? undefined : 'its parallelism cannot be set'),
    async run(subject) {
      for (const limit of [1, 2]) {
        const steps = Array.from({ length: 8 }, (_, i) => step(`s${i}`, [], { retries: 2 }));
        const flaky = Object.fromEntries(steps.map(({ id }) => [id, { kind: 'flaky' as const, times: 2 }]));
        const options = subject.withConcurrency?.(limit) ?? {};
        const { widest } = await simulate(subject, scenario(steps, flaky), { options });
        ensure(widest <= limit, `${widest} steps ran at the same time, ${limit} were allowed`);
      }
    },
  },
  {
    id: 'X23',
    title: 'an abort at any moment: nothing starts after it, and every step is settled once',
    proves: 'Whenever somebody presses Ctrl-C, there is a whole and true record.',
    level: 'must',
    async run(subject) {
      const steps = [
        step('a', [], { retries: 1 }),
        step('b', ['a']),
        step('c', ['a'], { retries: 1 }),
        step('d', ['b', 'c']),
        step('skip', [], { action: 'skip' }),
      ];
      const wanted = scenario(steps, { c: { kind: 'flaky', times: 1 } });
      for (let at = 1; ; at++) {
        const context = testContext();
        let deeds = 0;
        let late = 0;
        const run = await within(
          5_000,
          simulate(subject, wanted, {
            context,
            watch: ({ did }) => {
              if (context.signal.aborted && did === 'start') late++;
              if (++deeds === at) context.abort();
            },
          }),
          `the run that was aborted at deed ${at}`,
        );
        if (deeds < at) return;
        ensureSame(late, 0, `the steps started after the abort at deed ${at}`);
        const ids = run.results.map((r) => r.stepId).toSorted();
        ensureSame(
          ids,
          steps.map(({ id }) => id).toSorted(),
          `the steps settled after the abort at deed ${at}`,
        );
      }
    },
  },
];
