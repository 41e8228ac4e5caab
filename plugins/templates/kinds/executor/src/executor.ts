import type { Clock, Executor, PlanStep, StepResult } from '@vp/plugin-sdk';
import { runAttempts } from './attempts.ts';
import type { {{class}}Config } from './config.ts';

/** Runs the steps of a plan in this process, those first that the most others wait for. */
export function create{{class}}Executor(init: {
  readonly config: {{class}}Config;
  readonly clock: Clock;
}): Executor {
  const { config, clock } = init;
  const { concurrency = 4, retry_delay_ms: retryDelayMs = 1000 } = config;
  return {
    async check() {
      return { ok: true, message: `${concurrency} steps at a time` };
    },

    async execute(request, { signal }) {
      const { plan, options, runStep, settleStep } = request;
      const limit = typeof options.concurrency === 'number' ? options.concurrency : concurrency;
      const results = new Map<string, StepResult>();
      const open = new Map<string, number>();
      const dependants = new Map<string, PlanStep[]>();
      const ready: PlanStep[] = [];
      /** Steps whose next attempt waits for a place. */
      const returning: (() => void)[] = [];
      let running = 0;
      const finished = Promise.withResolvers<void>();
      let turn = 0;

      for (const step of plan.steps) {
        open.set(step.id, step.dependsOn.length);
        for (const id of step.dependsOn) dependants.set(id, [...(dependants.get(id) ?? []), step]);
        if (step.dependsOn.length === 0) ready.push(step);
      }
      const waitedFor = (step: PlanStep) => dependants.get(step.id)?.length ?? 0;
      const hasFailed = (id: string) => !['succeeded', 'skipped'].includes(results.get(id)?.status ?? '');

      function settle(result: StepResult): void {
        results.set(result.stepId, result);
        for (const step of dependants.get(result.stepId) ?? []) {
          const left = (open.get(step.id) ?? 1) - 1;
          open.set(step.id, left);
          if (left === 0) ready.push(step);
        }
        if (results.size === plan.steps.length) finished.resolve();
      }

      /** The end of a step that is not run, if that is its end. */
      function endOf(step: PlanStep): StepResult | undefined {
        if (step.action === 'skip') return settleStep(step.id, 'skipped', 'the plan skips it');
        if (signal.aborted) return settleStep(step.id, 'cancelled', 'the run was cancelled');
        const failed = step.dependsOn.find(hasFailed);
        return failed === undefined ? undefined : settleStep(step.id, 'blocked', `${failed} has no result`);
      }

      async function run(step: PlanStep): Promise<void> {
        running += 1;
        const result = await runAttempts({
          step,
          request: { ...request, runStep },
          signal,
          clock,
          retryDelayMs,
          async whileWaiting(wait) {
            running -= 1;
            next();
            // Beside the limit nobody goes on, but those that have begun go before those that have not.
            const place = Promise.withResolvers<void>();
            await wait.finally(() => {
              returning.push(place.resolve);
              next();
            });
            await place.promise;
            signal.throwIfAborted();
          },
        });
        running -= 1;
        settle(result);
        next();
      }

      function next(): void {
        // Settling may make others ready: a loop, so that a chain of thousands needs no stack.
        turn += 1;
        const mine = turn;
        while (returning.length > 0 && (running < limit || signal.aborted)) {
          running += 1;
          returning.shift()?.();
        }
        ready.sort((a, b) => waitedFor(b) - waitedFor(a));
        for (let index = 0; index < ready.length && mine === turn; ) {
          const step = ready[index];
          if (step === undefined) break;
          const end = endOf(step);
          if (end === undefined && running >= limit) {
            index += 1;
            continue;
          }
          ready.splice(index, 1);
          if (end !== undefined) settle(end);
          else void run(step);
        }
      }

      if (plan.steps.length === 0) return [];
      signal.addEventListener('abort', next, { once: true });
      next();
      await finished.promise;
      signal.removeEventListener('abort', next);
      return [...results.values()];
    },
  };
}
