import { passTime } from '../data/pass-time.ts';
import { ensure, ensureSame, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import { attemptsOf, ensureSettled, simulateOne, statusOf } from './outcomes.ts';
import { randomScenario, scenario, step } from './plans.ts';
import { simulate } from './simulate.ts';
import type { ExecutorSubject } from './subject.ts';

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);

/** Laws on which steps run, when, and how often. */
export const scheduleLaws: readonly Law<ExecutorSubject>[] = [
  {
    id: 'X01',
    title: 'every step ends exactly once, as its kind and its upstream say',
    proves: 'A run ends with the truth about every step, in any plan.',
    level: 'must',
    async run(subject) {
      for (const seed of seeds) {
        const wanted = randomScenario(seed);
        ensureSettled(await simulate(subject, wanted), wanted);
      }
    },
  },
  {
    id: 'X02',
    title: 'no step starts before all that it depends on has ended',
    proves: 'No step reads what is being written.',
    level: 'must',
    async run(subject) {
      for (const seed of seeds) {
        const wanted = randomScenario(seed);
        const { deeds } = await simulate(subject, wanted);
        const last = new Map(deeds.map((d, i) => [d.step, i]));
        for (const { id, dependsOn } of wanted.plan.steps) {
          const started = deeds.findIndex((d) => d.step === id && d.did === 'start');
          const late = started < 0 ? undefined : dependsOn.find((d) => (last.get(d) ?? -1) > started);
          ensure(late === undefined, `${id} started before ${late} had ended`);
        }
      }
    },
  },
  {
    id: 'X03',
    title: 'a failure blocks what depends on it, directly or not, and nothing else',
    proves: 'One bad asset costs its consumers, not the whole run.',
    level: 'must',
    async run(subject) {
      const steps = [
        step('bad'),
        step('child', ['bad']),
        step('grandchild', ['child']),
        step('good'),
        step('after', ['good']),
      ];
      const run = await simulate(subject, scenario(steps, { bad: { kind: 'fail', class: 'data' } }));
      for (const id of ['child', 'grandchild']) {
        ensureSame(statusOf(run, id), 'blocked', `the status of ${id}`);
        ensureSame(attemptsOf(run, id), [], `the attempts of ${id}`);
      }
      for (const id of ['good', 'after']) ensureSame(statusOf(run, id), 'succeeded', `the status of ${id}`);
    },
  },
  {
    id: 'X04',
    title: 'what the plan skips is recorded as skipped and not run, and what follows it runs',
    proves: 'Unchanged assets cost nothing and stop nobody.',
    level: 'must',
    async run(subject) {
      const run = await simulate(
        subject,
        scenario([step('fresh', [], { action: 'skip' }), step('next', ['fresh'])]),
      );
      ensureSame(statusOf(run, 'fresh'), 'skipped', 'the status of the skipped step');
      ensureSame(attemptsOf(run, 'fresh'), [], 'the attempts of the skipped step');
      ensureSame(statusOf(run, 'next'), 'succeeded', 'the status of the step after it');
    },
  },
  {
    id: 'X05',
    title: 'a transient failure is tried again, attempts counted from 1, until it succeeds',
    proves: 'A connection lost for a moment fails no run.',
    level: 'must',
    async run(subject) {
      const run = await simulateOne(subject, { kind: 'flaky', times: 2 }, 3);
      ensureSame(attemptsOf(run, 'a'), [1, 2, 3], 'the attempts');
      ensureSame(statusOf(run, 'a'), 'succeeded', 'the status');
    },
  },
  {
    id: 'X06',
    title: 'a transient failure is tried again as often as the step says, and then fails',
    proves: 'A system that stays down ends the run.',
    level: 'must',
    async run(subject) {
      for (const retries of [0, 2]) {
        const run = await simulateOne(subject, { kind: 'fail', class: 'transient' }, retries);
        ensureSame(attemptsOf(run, 'a').length, retries + 1, `the attempts with ${retries} retries`);
        ensureSame(statusOf(run, 'a'), 'failed', 'the status');
      }
    },
  },
  {
    id: 'X07',
    title: 'no other failure is tried again',
    proves: 'A wrong password is not tried until the account is locked; bad data is not loaded thrice.',
    level: 'must',
    async run(subject) {
      for (const kind of ['user', 'config', 'data', 'plugin', 'internal'] as const) {
        const run = await simulateOne(subject, { kind: 'fail', class: kind }, 5);
        ensureSame(attemptsOf(run, 'a'), [1], `the attempts after an error of class ${kind}`);
      }
    },
  },
  {
    id: 'X08',
    title: 'every further attempt is announced with its delay, and not started earlier',
    proves: 'People see why it waits; a busy system gets the pause it needs.',
    level: 'must',
    async run(subject) {
      const { deeds } = await simulateOne(subject, { kind: 'flaky', times: 2 }, 2);
      const said = deeds.filter((d) => d.did === 'retrying');
      ensureSame(
        said.map((d) => d.attempt),
        [1, 2],
        'the failed attempts that were announced',
      );
      for (const announced of said) {
        const delay = announced.delayMs ?? -1;
        ensure(delay >= 0 && Number.isFinite(delay), `the delay is ${delay}`);
        const next = deeds.find((d) => d.did === 'start' && d.attempt === (announced.attempt ?? 0) + 1);
        if (announced.at === undefined || next?.at === undefined) continue;
        ensure(
          next.at - announced.at >= delay,
          `attempt ${next.attempt} came ${next.at - announced.at} ms after, not ${delay}`,
        );
      }
    },
  },
  {
    id: 'X09',
    title: 'a step that waits for its next attempt holds up nobody',
    proves: 'A slow recovery of one system does not stop work on the others.',
    level: 'should',
    exempt: (subject) => (subject.clock && subject.withConcurrency ? undefined : 'time cannot be stopped'),
    async run(subject) {
      const steps = [step('flaky', [], { retries: 1 }), step('other'), step('another', ['other'])];
      const done = Promise.withResolvers<void>();
      const work = simulate(subject, scenario(steps, { flaky: { kind: 'flaky', times: 1 } }), {
        options: subject.withConcurrency?.(1) ?? {},
        timePasses: false,
        watch: (deed) => void (deed.did === 'end' && deed.step === 'another' && done.resolve()),
      });
      try {
        await within(2_000, done.promise, 'the other steps, while one waits');
      } finally {
        await passTime(subject.clock, work);
      }
    },
  },
  {
    id: 'X13',
    title: 'steps that do not depend on each other run at the same time',
    proves: 'The machine is used.',
    level: 'must',
    async run(subject) {
      const steps = Array.from({ length: 8 }, (_, i) => step(`s${i}`));
      const options = subject.withConcurrency?.(4) ?? {};
      const { widest } = await simulate(subject, scenario(steps), { options });
      ensure(widest > 1, 'they ran one after the other');
    },
  },
  {
    id: 'X14',
    title: 'no more steps run at the same time than the run allows',
    proves: 'A small machine, or a small database, is not overrun.',
    level: 'must',
    exempt: (subject) => (subject.withConcurrency ? undefined : 'its parallelism cannot be set'),
    async run(subject) {
      for (const limit of [1, 3]) {
        const steps = Array.from({ length: 12 }, (_, i) => step(`s${i}`));
        const options = subject.withConcurrency?.(limit) ?? {};
        const { widest } = await simulate(subject, scenario(steps), { options });
        ensure(widest <= limit, `${widest} steps ran at the same time, ${limit} were allowed`);
      }
    },
  },
  {
    id: 'X17',
    title: 'the results are the ones that the host gave, the last of each step',
    proves: 'What is recorded is what is reported.',
    level: 'must',
    async run(subject) {
      const run = await simulate(subject, randomScenario(7));
      for (const result of run.results)
        ensureSame(result, run.given.get(result.stepId), `the result of ${result.stepId}`);
    },
  },
  {
    id: 'X18',
    title: 'a plan of no steps ends at once with no results',
    proves: 'Nothing to do is no error, and no wait.',
    level: 'must',
    async run(subject) {
      ensureSame((await simulate(subject, scenario([]))).results, [], 'the results');
    },
  },
  {
    id: 'X19',
    title: 'chains and fans of 3,000 steps end',
    proves: 'Big plans meet no limit of the stack.',
    level: 'must',
    async run(subject) {
      const ids = Array.from({ length: 3_000 }, (_, i) => `s${i}`);
      const chain = scenario(
        ids.map((id, i) => step(id, i === 0 ? [] : [`s${i - 1}`])),
        {
          s0: { kind: 'fail', class: 'data' },
        },
      );
      ensureSettled(await simulate(subject, chain), chain);
      const fan = scenario([...ids.map((id) => step(id)), step('all', ids)]);
      ensureSettled(await simulate(subject, fan), fan);
    },
  },
  {
    id: 'X20',
    title: 'runs at the same time do not mix',
    proves: 'A server runs several pipelines with one executor.',
    level: 'must',
    async run(subject) {
      const executor = await subject.open();
      const scenarios = [3, 4, 5].map((seed) => randomScenario(seed));
      const runs = await Promise.all(scenarios.map((wanted) => simulate(subject, wanted, { executor })));
      for (const [i, wanted] of scenarios.entries()) {
        const run = runs[i];
        if (run !== undefined) ensureSettled(run, wanted);
      }
    },
  },
  {
    id: 'X21',
    title: 'no attempt comes earlier than the other side has asked for',
    proves: 'An API that says `Retry-After: 120` is left alone for two minutes, not locked out of.',
    level: 'must',
    async run(subject) {
      const retryAfterMs = subject.clock === undefined ? 2_000 : 123_456;
      const run = await simulateOne(subject, { kind: 'flaky', times: 1, retryAfterMs }, 1);
      const delayMs = run.deeds.find((d) => d.did === 'retrying')?.delayMs ?? 0;
      ensure(delayMs >= retryAfterMs, `the delay is ${delayMs} ms, ${retryAfterMs} ms were asked for`);
    },
  },
];
