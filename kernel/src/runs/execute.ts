import {
  describeThrown,
  type Executor,
  isVpError,
  points,
  type StepResult,
  type Store,
  type VpError,
} from '@vp/contracts';
import { createPipelineModel, type PipelineModel } from '../plan/model.ts';
import type { RunState } from '../steps/run-state.ts';
import { cleanResult } from './clean-result.ts';
import { errors } from './errors.ts';
import type { StepLedger } from './ledger.ts';
import type { RunnerDeps, RunRequest } from './runner.ts';
import { stepRunnerOf } from './step-runner-of.ts';
import { createWorkerCommand } from './worker-command.ts';
import type { WorkerEvents } from './worker-events.ts';

/** Lets the executor run the steps. Gives what went wrong with the executor itself. */
export async function executePlan(init: {
  readonly deps: RunnerDeps;
  readonly request: RunRequest;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly ledger: StepLedger;
  readonly store: Store;
  readonly workerEvents: WorkerEvents;
  readonly batcher: { ready(): Promise<void>; flush(): Promise<void> };
  /** Starts to write the materializations that are not recorded yet. */
  hurry(): void;
  /** Reads what is there before the first step. */
  prepare(model: PipelineModel): Promise<RunState>;
}): Promise<VpError | undefined> {
  const { deps, request, runId, signal, ledger, batcher } = init;
  const { host, logger } = deps;
  const { plan, pipeline, options = {} } = request;
  /** Aborts with the executor's end: a step that it leaves running must not write after the run. */
  const over = new AbortController();
  const running = new Map<Promise<StepResult>, string>();
  let id = '';
  let failure: VpError | undefined;
  try {
    const model = createPipelineModel({ pipeline, host, now: plan.createdAt });
    const state = await init.prepare(model);
    const runStep = stepRunnerOf({ deps, plan, runId, model, state });
    const attempted = async (said: StepResult): Promise<StepResult> => {
      const result = cleanResult(said, deps.redactor);
      // Before the result is said: a failure counts as final unless the executor retries it at once.
      await batcher.ready();
      await ledger.attempted(result);
      return result;
    };
    const worker = createWorkerCommand({
      runId,
      plan,
      model,
      state,
      host,
      store: init.store,
      signal,
      now: () => deps.clock.now(),
      events: init.workerEvents,
      starting: init.hurry,
      attempted,
    });
    try {
      // A worker reads the plan from the store.
      await batcher.flush();
    } catch (error) {
      logger.warn(describeThrown(error));
    }
    id = host.bound('executor');
    const executor: Executor = await host.instance(points.executor, id);
    await executor.execute(
      {
        runId,
        plan,
        options,
        async runStep(stepId, { attempt, signal }) {
          const result = runStep(stepId, { attempt, signal: AbortSignal.any([signal, over.signal]) });
          running.set(result, stepId);
          try {
            return await attempted(await result);
          } finally {
            running.delete(result);
          }
        },
        settleStep: ledger.settle,
        retrying: ledger.retrying,
        worker,
      },
      { signal, logger, runId, progress: () => undefined },
    );
  } catch (error) {
    failure = isVpError(error)
      ? error
      : errors.VP_RUN_EXECUTOR_FAILED({ executor: id, reason: describeThrown(error) }, { cause: error });
  }
  over.abort();
  const settled = await ledger.settled();
  const left = [...running].filter(([, stepId]) => !settled.has(stepId)).map(([result]) => result);
  for (const step of plan.steps) {
    if (settled.has(step.id)) continue;
    if (failure !== undefined) ledger.settle(step.id, 'cancelled', 'the run failed before');
    else {
      const error = errors.VP_RUN_STEP_UNSETTLED({ executor: id, step: step.id }).toJSON();
      ledger.settle(step.id, 'failed', 'the executor did not settle it', error);
    }
  }
  await stopped(left, deps);
  return failure;
}

/** Milliseconds that steps have to stop when their executor has left them. */
const stopLimit = 5_000;

/** Waits for steps that nobody waits for any more; what they say is too late to count. */
async function stopped(steps: readonly Promise<StepResult>[], { clock, logger }: RunnerDeps): Promise<void> {
  if (steps.length === 0) return;
  const enough = new AbortController();
  const late = clock.sleep(stopLimit, enough.signal).then(
    () =>
      logger.warn(
        `${steps.length} steps have not stopped ${stopLimit} ms after the run. They cannot commit.`,
      ),
    () => undefined,
  );
  await Promise.race([Promise.allSettled(steps), late]);
  enough.abort();
}
