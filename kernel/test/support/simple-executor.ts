import type { Executor, StepResult } from '@vp/contracts';

/** Runs what is ready, all at once; retries transient failures once. */
export const simpleExecutor: Executor = {
  async execute({ plan, runStep, settleStep, retrying }, { signal }) {
    const results = new Map<string, StepResult>();
    const waiting = new Map(plan.steps.map((step) => [step.id, step.dependsOn.length]));
    const dependents = new Map<string, string[]>();
    for (const step of plan.steps) {
      for (const id of step.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), step.id]);
    }
    const steps = new Map(plan.steps.map((step) => [step.id, step]));
    const perform = async (id: string): Promise<StepResult> => {
      const step = steps.get(id);
      const bad = step?.dependsOn.find(
        (d) => !['succeeded', 'skipped'].includes(results.get(d)?.status ?? ''),
      );
      if (signal.aborted) return settleStep(id, 'cancelled', 'stopped');
      if (bad !== undefined) return settleStep(id, 'blocked', `${bad} did not succeed`);
      if (step?.action === 'skip') return settleStep(id, 'skipped', step.reason.text);
      const first = await runStep(id, { attempt: 1, signal });
      if (first.error?.class !== 'transient') return first;
      retrying(id, first, 0);
      return runStep(id, { attempt: 2, signal });
    };
    let ready = plan.steps.filter((step) => step.dependsOn.length === 0).map((step) => step.id);
    while (ready.length > 0) {
      const next: string[] = [];
      await Promise.all(
        ready.map(async (id) => {
          results.set(id, await perform(id));
        }),
      );
      for (const id of ready) {
        for (const dependent of dependents.get(id) ?? []) {
          const left = (waiting.get(dependent) ?? 0) - 1;
          waiting.set(dependent, left);
          if (left === 0) next.push(dependent);
        }
      }
      ready = next;
    }
    return plan.steps.flatMap((step) => results.get(step.id) ?? []);
  },
};
