import {
  describeThrown,
  isVpError,
  type Plan,
  type PlanStep,
  type StepResult,
  type Store,
  type WorkerCommand,
  type WorkerEnd,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { loadCurrent } from '../plan/current.ts';
import type { PipelineModel } from '../plan/model.ts';
import { attemptToken, describeSnapshot, type RunState } from '../steps/run-state.ts';
import { errors } from './errors.ts';
import type { WorkerEvents } from './worker-events.ts';

/** How the executor of a run has steps run elsewhere, and how their results come back. */
export function createWorkerCommand(init: {
  readonly runId: string;
  readonly plan: Plan;
  readonly model: PipelineModel;
  readonly state: RunState;
  readonly host: PluginHost;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly events: WorkerEvents;
  /** A worker is about to start: what this process knows must be in the store by then. */
  readonly starting: () => void;
  /** Takes the result as that of an attempt. */
  readonly attempted: (result: StepResult) => Promise<StepResult>;
}): WorkerCommand {
  const { runId, plan, state, now, signal } = init;
  const { lockDigest, environment } = plan;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const startedAt = new Map<string, number>();

  function lost(stepId: string, { attempt, ending }: WorkerEnd): StepResult {
    const at = now();
    const base = { stepId, asset: stepId, attempt, startedAt: startedAt.get(stepId) ?? at, finishedAt: at };
    if (signal.aborted) return { ...base, status: 'cancelled', reason: 'the run was stopped' };
    const error = errors.VP_WORKER_LOST({ step: stepId, attempt, ending }).toJSON();
    return { ...base, status: 'failed', error };
  }

  return {
    argv(stepId, attempt) {
      startedAt.set(stepId, now());
      init.starting();
      init.events.follow(stepId);
      const place = ['--run', runId, '--step', stepId, '--attempt', String(attempt)];
      return ['worker', 'step', ...place, ...(environment === undefined ? [] : ['--env', environment])];
    },
    async ended(stepId, end) {
      await init.events.catchUp();
      init.events.leave(stepId);
      const step = steps.get(stepId);
      const said = resultIn(end, stepId) ?? lost(stepId, end);
      const result = step === undefined ? said : { ...said, ...namesOf(step), attempt: end.attempt };
      const isDone = result.status === 'succeeded' || result.status === 'skipped';
      return init.attempted(step !== undefined && isDone ? await adopt(init, step, result) : result);
    },
    ...(lockDigest === undefined ? {} : { lockDigest }),
    ...(environment === undefined ? {} : { environment }),
  };

  /** The engine's pointers are the truth: what the worker says must be what is there. */
  async function adopt(
    { model, host, store }: typeof init,
    step: PlanStep,
    result: StepResult,
  ): Promise<StepResult> {
    try {
      const found = await loadCurrent({ model, host, store, assets: [step.asset] });
      const current = found.current.get(step.id);
      const snapshot = found.snapshots.get(step.id);
      const isThere =
        result.snapshot === undefined ||
        snapshot?.id === result.snapshot ||
        snapshot?.commit.token === attemptToken(runId, step.id);
      if (current === undefined || !isThere) {
        throw errors.VP_WORKER_ELSEWHERE({
          step: step.id,
          said: result.snapshot ?? 'its record',
          found: current?.version,
        });
      }
      state.adopted(step.id, current, snapshot);
      return { ...result, ...describeSnapshot(snapshot) };
    } catch (error) {
      const fault = isVpError(error)
        ? error
        : errors.VP_WORKER_UNREAD({ step: step.id, reason: describeThrown(error) }, { cause: error });
      const { reason: _, ...rest } = result;
      return { ...rest, status: 'failed', error: fault.toJSON() };
    }
  }
}

const namesOf = ({ id, asset, partition }: PlanStep) => ({
  stepId: id,
  asset,
  ...(partition === undefined ? {} : { partition }),
});

const statuses: ReadonlySet<unknown> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

/** The result in the last line of a worker's output, if it is one of this step. */
function resultIn({ output }: WorkerEnd, stepId: string): StepResult | undefined {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    const said: unknown = JSON.parse(line);
    return isResult(said) && said.stepId === stepId ? said : undefined;
  } catch (error) {
    // A worker that died says anything, or nothing: the error names the step and how it ended.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isResult(value: unknown): value is StepResult {
  if (typeof value !== 'object' || value === null || !('status' in value)) return false;
  const hasTimes = 'startedAt' in value && 'finishedAt' in value;
  const isComplete = value.status !== 'failed' || ('error' in value && typeof value.error === 'object');
  return statuses.has(value.status) && hasTimes && isComplete && 'stepId' in value;
}
