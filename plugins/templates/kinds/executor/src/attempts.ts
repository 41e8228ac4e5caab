import { type Clock, describeThrown, type ExecuteRequest, type PlanStep, type StepResult } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

export interface AttemptsInit {
  readonly step: PlanStep;
  readonly request: ExecuteRequest;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly retryDelayMs: number;
  /** Lets another step run while this one waits; resolves when it may go on. */
  whileWaiting(wait: Promise<void>): Promise<void>;
}

/** Runs a step, again as often as it says when what failed is transient. Never rejects. */
export async function runAttempts(init: AttemptsInit): Promise<StepResult> {
  const { step, request, signal, clock, retryDelayMs } = init;
  for (let attempt = 1; ; attempt++) {
    const result = await runOnce(init, attempt);
    const isTransient = result.status === 'failed' && result.error?.class === 'transient';
    if (!isTransient || attempt > (step.retries ?? 0)) return result;
    // Whoever asks for more patience gets it.
    const delayMs = Math.max(retryDelayMs * 2 ** (attempt - 1), result.error?.retryAfterMs ?? 0);
    request.retrying(step.id, result, delayMs);
    try {
      await init.whileWaiting(clock.sleep(delayMs, signal));
    } catch {
      return request.settleStep(step.id, 'cancelled', 'the run was cancelled');
    }
  }
}

async function runOnce({ step, request, signal, clock }: AttemptsInit, attempt: number): Promise<StepResult> {
  const timeout = new AbortController();
  const ended = new AbortController();
  if (step.timeoutMs !== undefined)
    clock.sleep(step.timeoutMs, ended.signal).then(
      () => timeout.abort(),
      // The attempt has ended before.
      () => undefined,
    );
  const late = Promise.withResolvers<'late'>();
  timeout.signal.addEventListener('abort', () => late.resolve('late'), { once: true });
  try {
    const work = request.runStep(step.id, { attempt, signal: AbortSignal.any([signal, timeout.signal]) });
    const result = await Promise.race([work, late.promise]);
    if (result !== 'late' && !timeout.signal.aborted) return result;
    const error = errors.VP_{{code}}_TIMEOUT({ step: step.id, ms: step.timeoutMs ?? 0 }).toJSON();
    return request.settleStep(step.id, 'failed', error.message, error);
  } catch (cause) {
    const problem = describeThrown(cause);
    const error = errors.VP_{{code}}_STEP({ step: step.id, problem }, { cause }).toJSON();
    return request.settleStep(step.id, 'failed', error.message, error);
  } finally {
    ended.abort();
  }
}
