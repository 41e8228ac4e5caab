import {
  describeThrown,
  type EventStream,
  type ExecuteRequest,
  hooks,
  type Logger,
  type PlanStep,
  type StepResult,
  type StepStatus,
  type VpErrorJson,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import type { Redactor } from '../secrets/index.ts';
import { cleanResult } from './clean-result.ts';

/** How each step ended, said once: as an event and to the taps of `step.finished`. */
export interface StepLedger {
  /** Takes the result of an attempt. Resolves when the taps have seen it. */
  attempted(result: StepResult): Promise<void>;
  settle: ExecuteRequest['settleStep'];
  retrying: ExecuteRequest['retrying'];
  /** The results by step, once everything that was said so far is done. */
  settled(): Promise<ReadonlyMap<string, StepResult>>;
}

export function createStepLedger(init: {
  readonly runId: string;
  readonly steps: ReadonlyMap<string, PlanStep>;
  readonly host: PluginHost;
  readonly events: EventStream;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly now: () => number;
  /** What is there for a step that is skipped: rows, bytes and place of its snapshot. */
  readonly existing: (stepId: string) => Partial<StepResult>;
}): StepLedger {
  const { runId, steps, host, events, logger, redactor, now, existing } = init;
  const final = new Map<string, StepResult>();
  /** Failures that the executor may still want to retry. */
  const undecided = new Map<string, StepResult>();
  const telling = new Set<Promise<void>>();

  async function finish(result: StepResult): Promise<void> {
    const { stepId } = result;
    const known = final.get(stepId);
    if (known !== undefined && !isTriedAgain(known, result)) return;
    final.set(stepId, result);
    events.publish({ type: 'step.finished', runId, stepId, result });
    try {
      await host.call(hooks.stepFinished, { runId, result });
    } catch (error) {
      logger.warn(`A tap of step.finished failed for ${stepId}: ${describeThrown(error)}`);
    }
  }

  function tell(result: StepResult): void {
    const told = finish(result).finally(() => telling.delete(told));
    telling.add(told);
  }

  return {
    async attempted(result) {
      if (result.error?.class !== 'transient') return finish(result);
      const { stepId } = result;
      undecided.set(stepId, result);
      // The executor decides as soon as it has the result: look again after that.
      setImmediate(() => {
        if (undecided.delete(stepId)) tell(result);
      });
    },
    settle(stepId, status: StepStatus, reason: string, error?: VpErrorJson) {
      const at = now();
      const step = steps.get(stepId);
      const before = undecided.get(stepId);
      undecided.delete(stepId);
      const said: StepResult = {
        stepId,
        asset: step?.asset ?? stepId,
        ...(step?.partition === undefined ? {} : { partition: step.partition }),
        status,
        attempt: before?.attempt ?? 0,
        startedAt: before?.startedAt ?? at,
        finishedAt: at,
        reason,
        ...(status === 'skipped' ? existing(stepId) : {}),
        ...(error === undefined ? {} : { error }),
      };
      const result = cleanResult(said, redactor);
      tell(result);
      return result;
    },
    retrying(stepId, failed, delayMs) {
      undecided.delete(stepId);
      const { error } = failed;
      if (error === undefined) return;
      events.publish({ type: 'step.retrying', runId, stepId, attempt: failed.attempt, delayMs, error });
    },
    async settled() {
      for (const result of undecided.values()) tell(result);
      undecided.clear();
      await Promise.all(telling);
      return final;
    },
  };
}

/** An executor that thinks long before it retries: what was taken for the end was not. */
function isTriedAgain(known: StepResult, result: StepResult): boolean {
  return known.error?.class === 'transient' && result.attempt > known.attempt;
}
