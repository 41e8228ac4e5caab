import type { VpErrorJson } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { Plan } from '../run/plan.ts';
import type { StepResult } from '../run/result.ts';
import type { CallContext, CheckReport } from './call.ts';

/**
 * How another process of the same deployment runs one step: for executors that are not local. The
 * worker writes events and records into the deployment's store, as a local step does, and prints its
 * `StepResult` as JSON in the last line of standard output. A worker that ends without one has failed
 * with a `transient` error: nothing is committed twice, for the attempt token is the same.
 */
export interface WorkerCommand {
  /** Arguments of `vp`: `['worker', 'step', '--run', runId, '--step', stepId]`. */
  argv(stepId: string, attempt: number): readonly string[];
  /** Digest of the deployment that the worker must have. */
  readonly lockDigest?: string;
  readonly environment?: string;
}

/** A plan to be run, and the means to run its steps. */
export interface ExecuteRequest {
  readonly runId: string;
  readonly plan: Plan;
  /** Settings of this run from the command line, e.g. `concurrency`. */
  readonly options: JsonObject;
  /**
   * Runs one attempt of a step in this process: reads, computes, checks, commits, publishes the
   * events. Never rejects: a failure is a result. `error.class` tells whether to try again.
   */
  runStep(
    stepId: string,
    attempt: { readonly attempt: number; readonly signal: AbortSignal },
  ): Promise<StepResult>;
  /**
   * Records the end of a step that `runStep` does not give: `skipped` (plan says so), `blocked`,
   * `cancelled`, or `failed` with the executor's own `error` (it could not be started, or did not
   * stop after its time-out). What a `runStep` that was given up returns later is not recorded.
   */
  settleStep(
    stepId: string,
    status: 'skipped' | 'blocked' | 'cancelled' | 'failed',
    reason: string,
    error?: VpErrorJson,
  ): StepResult;
  /** Announces that an attempt failed and when the next one comes. */
  retrying(stepId: string, failed: StepResult, delayMs: number): void;
  /** How to run a step in another process instead. */
  readonly worker: WorkerCommand;
}

/**
 * Decides when, where and how often the steps of a plan run: order, parallelism, retries,
 * time-outs, cancellation. It does not know what a step does.
 */
export interface Executor {
  check?(context: CallContext): Promise<CheckReport>;
  /** Settles every step of the plan, and resolves with the final result of each, even when cancelled. */
  execute(request: ExecuteRequest, context: CallContext): Promise<readonly StepResult[]>;
}

/** Extension point `executor@1`. */
export const executorPoint = createExtensionPoint<Executor>({ id: 'executor', major: 1 });
