import type { Logger } from '../plugin/standard-services.ts';

/** What a step's progress is now. Totals, not differences. */
export interface Progress {
  readonly rows?: number;
  readonly bytes?: number;
  /** 0 to 1. */
  readonly fraction?: number;
  /** `reading`, `writing`, `checking`, … */
  readonly activity?: string;
}

/** What goes with every call of an extension point. */
export interface CallContext {
  /**
   * Aborts when the user, the executor or a time-out wants the call to end. A call must give up
   * within a second and leave nothing half done; it rejects with the signal's reason.
   */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Reports progress. Cheap: the host thins it out. */
  progress(progress: Progress): void;
  readonly runId?: string;
  readonly stepId?: string;
}

/** What a `check` of a connection found. A refusal is a result, not an exception. */
export interface CheckReport {
  readonly ok: boolean;
  /** `PostgreSQL 15.18, user vp, 43 tables` or what is wrong. */
  readonly message: string;
  readonly hint?: string;
  readonly latencyMs?: number;
}
