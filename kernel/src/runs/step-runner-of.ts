import type { Plan } from '@vp/contracts';
import type { PipelineModel } from '../plan/model.ts';
import type { RunState } from '../steps/run-state.ts';
import { createStepRunner, type StepRunner } from '../steps/step-runner.ts';
import type { RunnerDeps } from './runner.ts';

/** What runs the steps of a run, in the process that leads it and in its workers alike. */
export function stepRunnerOf(init: {
  readonly deps: RunnerDeps;
  readonly plan: Plan;
  readonly runId: string;
  readonly model: PipelineModel;
  readonly state: RunState;
}): StepRunner {
  const { deps, plan, runId, model, state } = init;
  const format = plan.metadata?.format;
  return createStepRunner({
    ...deps,
    model,
    state,
    runId,
    plan,
    sampleSize: deps.sampleSize ?? 5,
    ...(typeof format === 'string' ? { format } : {}),
  });
}
