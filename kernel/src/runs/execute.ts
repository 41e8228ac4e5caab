import { describeThrown, type Executor, isVpError, type Plan, points, type VpError } from '@vp/contracts';
import { createPipelineModel, type PipelineModel } from '../plan/model.ts';
import type { RunState } from '../steps/run-state.ts';
import { createStepRunner } from '../steps/step-runner.ts';
import { cleanResult } from './clean-result.ts';
import { errors } from './errors.ts';
import type { StepLedger } from './ledger.ts';
import type { RunnerDeps, RunRequest } from './runner.ts';

/** Lets the executor run the steps. Gives what went wrong with the executor itself. */
export async function executePlan(init: {
  readonly deps: RunnerDeps;
  readonly request: RunRequest;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly ledger: StepLedger;
  readonly batcher: { ready(): Promise<void> };
  /** Reads what is there before the first step. */
  prepare(model: PipelineModel): Promise<RunState>;
}): Promise<VpError | undefined> {
  const { deps, request, runId, signal, ledger, batcher } = init;
  const { host, logger } = deps;
  const { plan, pipeline, options = {} } = request;
  let id = '';
  let failure: VpError | undefined;
  try {
    const model = createPipelineModel({ pipeline, host, now: plan.createdAt });
    const state = await init.prepare(model);
    const format = plan.metadata?.format;
    const runStep = createStepRunner({
      ...deps,
      model,
      state,
      runId,
      plan,
      sampleSize: deps.sampleSize ?? 5,
      ...(typeof format === 'string' ? { format } : {}),
    });
    id = host.bound('executor');
    const executor: Executor = await host.instance(points.executor, id);
    await executor.execute(
      {
        runId,
        plan,
        options,
        async runStep(stepId, attempt) {
          const result = cleanResult(await runStep(stepId, attempt), deps.redactor);
          // Before the result is said: a failure counts as final unless the executor retries it at once.
          await batcher.ready();
          await ledger.attempted(result);
          return result;
        },
        settleStep: ledger.settle,
        retrying: ledger.retrying,
        worker: workerCommand(runId, plan),
      },
      { signal, logger, runId, progress: () => undefined },
    );
  } catch (error) {
    failure = isVpError(error)
      ? error
      : errors.VP_RUN_EXECUTOR_FAILED({ executor: id, reason: describeThrown(error) }, { cause: error });
  }
  const settled = await ledger.settled();
  for (const step of plan.steps) {
    if (settled.has(step.id)) continue;
    if (failure !== undefined) ledger.settle(step.id, 'cancelled', 'the run failed before');
    else {
      const error = errors.VP_RUN_STEP_UNSETTLED({ executor: id, step: step.id }).toJSON();
      ledger.settle(step.id, 'failed', 'the executor did not settle it', error);
    }
  }
  return failure;
}

function workerCommand(runId: string, plan: Plan) {
  const { lockDigest, environment } = plan;
  return {
    argv: (stepId: string, attempt: number) => [
      'worker',
      'step',
      '--run',
      runId,
      '--step',
      stepId,
      '--attempt',
      String(attempt),
    ],
    ...(lockDigest === undefined ? {} : { lockDigest }),
    ...(environment === undefined ? {} : { environment }),
  };
}
