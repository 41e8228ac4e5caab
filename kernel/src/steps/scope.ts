import type {
  CallContext,
  CheckResult,
  Clock,
  EventStream,
  Logger,
  Paths,
  PlanStep,
  Progress,
  VpError,
} from '@vp/contracts';
import { describeThrown, isVpError, withErrorContext } from '@vp/contracts';
import type { ContributionInfo, PluginHost } from '../host.ts';
import type { PipelineModel } from '../plan/model.ts';
import { timeLimit } from '../support/time-limit.ts';
import { errors } from './errors.ts';
import { attemptToken, type RunState } from './run-state.ts';

/** What all steps of a run share. */
export interface StepDeps {
  readonly host: PluginHost;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly logger: Logger;
  readonly paths: Paths;
  readonly model: PipelineModel;
  readonly state: RunState;
  readonly runId: string;
  /** Failing rows to keep for each check. */
  readonly sampleSize: number;
  /** The one format that data must move in, when the user says so. */
  readonly format?: string;
  /** Milliseconds that each thing which is closed after a step may take; 30 s when left out. */
  readonly closeLimitMs?: number | undefined;
}

/** One attempt of a step: what it may use, and what is closed when it ends. */
export interface StepScope extends StepDeps {
  readonly step: PlanStep;
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly context: CallContext;
  /** Same for every attempt of the step in this run. */
  readonly token: string;
  /** What checks found, kept also when the attempt fails because of it. */
  readonly checks: CheckResult[];
  /** Calls plugin code: whatever it throws becomes a `VpError` that names it and the step. */
  call<T>(info: ContributionInfo, work: () => T | Promise<T>): Promise<T>;
  /** Runs at the end of the attempt, the last added first, whatever happened. */
  defer(what: string, close: () => void | Promise<void>): void;
}

/** Milliseconds between two progress events of a step. */
const progressInterval = 200;

export function createStepScope(
  deps: StepDeps,
  init: { readonly step: PlanStep; readonly signal: AbortSignal },
): { readonly scope: StepScope; close(): Promise<void> } {
  const { clock, events, runId } = deps;
  const { step, signal } = init;
  const phase = `step ${step.id}`;
  const cleanups: { readonly what: string; readonly close: () => void | Promise<void> }[] = [];
  const { logger, closeLimitMs = 30_000 } = deps;
  let lastProgress = Number.NEGATIVE_INFINITY;

  const scope: StepScope = {
    ...deps,
    step,
    signal,
    startedAt: clock.now(),
    token: attemptToken(runId, step.id),
    checks: [],
    context: {
      signal,
      logger,
      runId,
      stepId: step.id,
      progress(progress: Progress) {
        const now = clock.monotonic();
        if (now - lastProgress < progressInterval) return;
        lastProgress = now;
        events.publish({ type: 'step.progress', runId, stepId: step.id, ...progress });
      },
    },
    async call(info, work) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        throw pluginError(error, info, phase);
      }
    },
    defer(what, close) {
      cleanups.push({ what, close });
    },
  };

  async function close(): Promise<void> {
    for (const { what, close: run } of cleanups.reverse()) {
      try {
        await timeLimit(async () => run(), { ms: closeLimitMs, late: closeTimeout });
      } catch (error) {
        logger.warn(`Closing ${what} of ${step.id} failed: ${describeThrown(error)}`);
      }
    }
  }
  return { scope, close };
}

const closeTimeout = (ms: number): VpError => errors.VP_STEP_CLOSE_TIMEOUT({ ms });

/** What a plugin threw, as a `VpError` that names the plugin and what was being done. */
export function pluginError(error: unknown, info: ContributionInfo, phase: string): VpError {
  const plugin = `${info.plugin}@${info.pluginVersion}`;
  const context = { plugin, phase };
  if (isVpError(error)) return withErrorContext(error, context, error);
  return errors.VP_PLUGIN_THREW(
    { plugin, point: info.point, id: info.id, reason: describeThrown(error) },
    { ...context, cause: error },
  );
}
