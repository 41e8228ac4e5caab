import type { VpErrorJson } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { Plan } from '../run/plan.ts';
import type { StepResult } from '../run/result.ts';
import type { CallContext, CheckReport } from './call.ts';

/** How a worker ended, as far as the executor could see. */
export interface WorkerEnd {
  /** As it was given to {@link WorkerCommand.argv}. */
  readonly attempt: number;
  /** What it wrote to standard output; the last line is enough. */
  readonly output: string;
  /** For people, when there is no result in it: `exit code 137`, `the pod was evicted`. */
  readonly ending: string;
}

/**
 * How another process of the same deployment runs one step: for executors that are not local. The
 * worker writes events and records into the deployment's store and its data where a local step would,
 * under the same attempt token, so that nothing is committed twice. It refuses a step whose definition
 * differs from the plan's. SIGTERM stops it; the last line of its standard output is its `StepResult`
 * as JSON.
 */
export interface WorkerCommand {
  /** Arguments of `vp`, run in the project's folder: `['worker', 'step', '--run', runId, …]`. */
  argv(stepId: string, attempt: number): readonly string[];
  /**
   * Takes the end of a worker, and gives what {@link ExecuteRequest.runStep} would: reads what the
   * worker has committed, so that later steps see it. Without a result the attempt has failed with a
   * `transient` error, or is `cancelled` when the run is. Never rejects. To be called once for each
   * worker, before the next attempt of the step.
   */
  ended(stepId: string, end: WorkerEnd): Promise<StepResult>;
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
