import {
  describeThrown,
  isVpError,
  type Plan,
  type PlanStep,
  type StepResult,
  type VpError,
  type VpErrorJson,
  withErrorContext,
} from '@vp/contracts';
import { errors } from './errors.ts';
import { materialize } from './materialize.ts';
import type { StepOutcome } from './outcome.ts';
import { publish } from './publish.ts';
import { createStepScope, type StepDeps, type StepScope } from './scope.ts';
import { runTask } from './task.ts';

/** Does what a step is: one attempt. Never rejects. */
export type StepRunner = (
  stepId: string,
  attempt: { readonly attempt: number; readonly signal: AbortSignal },
) => Promise<StepResult>;

export function createStepRunner(deps: StepDeps & { readonly plan: Plan }): StepRunner {
  const steps = new Map(deps.plan.steps.map((step) => [step.id, step]));
  return async (stepId, { attempt, signal }) => {
    const step = steps.get(stepId);
    const startedAt = deps.clock.now();
    if (step === undefined) {
      const error = errors.VP_STEP_UNKNOWN({ step: stepId }).toJSON();
      return { stepId, asset: stepId, status: 'failed', attempt, startedAt, finishedAt: startedAt, error };
    }
    const { asset, partition } = step;
    deps.events.publish({ type: 'step.started', runId: deps.runId, stepId, asset, attempt });
    const outcome = await attemptStep(deps, step, signal);
    return {
      stepId,
      asset,
      ...(partition === undefined ? {} : { partition }),
      attempt,
      startedAt,
      finishedAt: deps.clock.now(),
      ...outcome,
    };
  };
}

async function attemptStep(deps: StepDeps, step: PlanStep, signal: AbortSignal): Promise<StepOutcome> {
  const { scope, close } = createStepScope(deps, { step, signal });
  try {
    signal.throwIfAborted();
    return withChecks(await perform(scope), scope);
  } catch (error) {
    return withChecks(failure(error, scope), scope);
  } finally {
    await close();
  }
}

const withChecks = (outcome: StepOutcome, { checks }: StepScope): StepOutcome =>
  checks.length === 0 ? outcome : { ...outcome, checks };

function perform(scope: StepScope): Promise<StepOutcome> {
  const { step, model } = scope;
  if (step.publish !== undefined) return publish(scope, model.publish(step.publish));
  const spec = model.spec(step.asset);
  return spec.materialize === 'none' ? runTask(scope, spec) : materialize(scope, spec);
}

/** A stop by the user cancels; a stop for a reason, such as a time-out, is that failure. */
function failure(error: unknown, scope: StepScope): StepOutcome {
  const { signal } = scope;
  if (!signal.aborted) return { status: 'failed', error: placed(asVpError(error, scope), scope) };
  if (isVpError(signal.reason)) {
    return { status: 'failed', error: placed(asVpError(signal.reason, scope), scope) };
  }
  return { status: 'cancelled', reason: 'the run was stopped' };
}

function asVpError(error: unknown, { step }: StepScope): VpError {
  const phase = `step ${step.id}`;
  if (isVpError(error)) return withErrorContext(error, { phase }, error);
  return errors.VP_KERNEL_UNEXPECTED({ reason: describeThrown(error) }, { phase, cause: error });
}

/**
 * An error that names no file is put where the asset or publish is written; a line that it has is one
 * of the SQL text, which its message shows.
 */
function placed(error: VpError, { step, model }: StepScope): VpErrorJson {
  const json = error.toJSON();
  if (error.at?.file !== undefined) return json;
  const { origin } = step.publish === undefined ? model.spec(step.asset) : model.publish(step.publish);
  return origin === undefined ? json : { ...json, at: { ...error.at, ...origin } };
}
