import type { CheckResult } from '../assets/check-spec.ts';
import type { PartitionKey } from '../assets/partition.ts';
import type { VpErrorJson } from '../core/error.ts';

/**
 * How a step ended. `skipped`: nothing to do. `blocked`: an upstream step did not succeed.
 * `cancelled`: the run was stopped before or while it ran.
 */
export type StepStatus = 'succeeded' | 'failed' | 'skipped' | 'blocked' | 'cancelled';

/** How a step ended, with what it made. Plain JSON. */
export interface StepResult {
  readonly stepId: string;
  readonly asset: string;
  readonly partition?: PartitionKey;
  readonly status: StepStatus;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly rows?: number;
  readonly bytes?: number;
  readonly snapshot?: string;
  readonly location?: string;
  /** Format path that the data took. */
  readonly path?: string;
  readonly checks?: readonly CheckResult[];
  readonly error?: VpErrorJson;
  /** Why it was skipped or blocked. */
  readonly reason?: string;
}

/** How a run ended. `partial` never exists: a run with a failed step is `failed`. */
export type RunStatus = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'crashed';

/** The record of a run. */
export interface RunRecord {
  readonly id: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** What was asked for: the command line's selection. */
  readonly selection: string;
  readonly environment?: string;
  readonly lockDigest?: string;
  readonly pid: number;
  readonly host: string;
  readonly user?: string;
  readonly steps: {
    readonly total: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly skipped: number;
    readonly blocked: number;
    readonly cancelled: number;
  };
  readonly error?: VpErrorJson;
}

/** A finished run with the results of its steps. */
export interface RunSummary {
  readonly run: RunRecord;
  readonly results: readonly StepResult[];
}
