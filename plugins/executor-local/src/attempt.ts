import {
  type Clock,
  describeThrown,
  type ExecuteRequest,
  type PlanStep,
  type StepResult,
  type VpError,
} from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** How an attempt ended: with a result, or given up by the executor. */
export type AttemptEnd =
  | { readonly kind: 'result'; readonly result: StepResult }
  | { readonly kind: 'lost'; readonly error: VpError };

export interface AttemptInit {
  readonly request: ExecuteRequest;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly step: PlanStep;
  readonly attempt: number;
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
  /** Called once. */
  onEnd(end: AttemptEnd): void;
}

/** An attempt that runs. */
export interface RunningAttempt {
  /** Ends it without waiting for its result any longer. */
  giveUp(why: string): void;
}

export function startAttempt(init: AttemptInit): RunningAttempt {
  const { step, request, attempt, timeoutMs, graceMs, clock } = init;
  let isOpen = true;
  let timedOut: VpError | undefined;
  // Steps without a time-out, which are most, get no timer and no signal of their own.
  const timers = timeoutMs === undefined ? undefined : new AbortController();
  const stop = timeoutMs === undefined ? undefined : new AbortController();

  const end = (how: AttemptEnd) => {
    if (!isOpen) return;
    isOpen = false;
    timers?.abort();
    init.onEnd(how);
  };
  const giveUp = (why: string) =>
    end({
      kind: 'lost',
      error: errors.VP_STEP_UNRESPONSIVE({ step: step.id, graceMs, why }, { cause: timedOut }),
    });

  const watch = async (limit: number, signal: AbortSignal) => {
    await clock.sleep(limit, signal);
    timedOut = errors.VP_STEP_TIMEOUT({ step: step.id, timeoutMs: limit });
    stop?.abort(timedOut);
    await clock.sleep(graceMs, signal);
    giveUp(`its time-out of ${limit} ms`);
  };
  if (timers !== undefined && timeoutMs !== undefined) {
    watch(timeoutMs, timers.signal).catch((error: unknown) => {
      // The sleep ends by rejection when the step was in time.
      if (!timers.signal.aborted) end(rejected(step.id, error));
    });
  }

  const signal = stop === undefined ? init.signal : AbortSignal.any([init.signal, stop.signal]);
  Promise.try(() => request.runStep(step.id, { attempt, signal })).then(
    (result) => end({ kind: 'result', result: timedOut === undefined ? result : late(result, timedOut) }),
    (error: unknown) => end(rejected(step.id, error)),
  );
  return { giveUp };
}

/** The host may report the abort as it likes: why it was aborted is known here. */
function late(result: StepResult, timedOut: VpError): StepResult {
  return result.status === 'succeeded' ? result : { ...result, status: 'failed', error: timedOut.toJSON() };
}

function rejected(step: string, cause: unknown): AttemptEnd {
  return {
    kind: 'lost',
    error: errors.VP_STEP_REJECTED({ step, problem: describeThrown(cause) }, { cause }),
  };
}
