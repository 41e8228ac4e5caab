import type { PartitionKey } from '../assets/partition.ts';
import type { JsonObject } from '../core/json.ts';

/** Why a step runs, or does not. */
export type PlanReasonCode =
  /** No snapshot exists yet. */
  | 'new'
  /** Code, configuration, schema, checks or plugin versions differ from those of the last snapshot. */
  | 'changed'
  /** An input has a newer snapshot, or the source has new data. */
  | 'stale'
  /** An input is computed in this run. */
  | 'upstream'
  /** The source cannot tell whether it has new data. */
  | 'unknown'
  /** The user asked for it. */
  | 'forced'
  /** Nothing differs. */
  | 'fresh';

/** Why a step runs, or does not, with the facts. */
export interface PlanReason {
  readonly code: PlanReasonCode;
  /** One line for people. */
  readonly text: string;
  /** What differs: `code`, `config`, `input orders`, `plugin @vp/files 1.0.0 -> 1.1.0`. */
  readonly changes?: readonly string[];
}

/** One unit of work: an asset (or one partition of it), or one publish. Plain JSON. */
export interface PlanStep {
  /** Unique in the plan: `orders`, `flights@date=2001-03`, `publish:orders->parquet`. */
  readonly id: string;
  readonly kind: 'materialize' | 'publish';
  readonly asset: string;
  readonly partition?: PartitionKey;
  /** For `publish`: the name of the `PublishSpec`. */
  readonly publish?: string;
  /** Ids of steps that must have ended before. One that is not in the plan was done before. */
  readonly dependsOn: readonly string[];
  readonly action: 'run' | 'skip';
  readonly reason: PlanReason;
  /** Contribution id of the engine. */
  readonly engine?: string;
  /** How data gets there, for people: `files csv -> duckdb, native`. */
  readonly path?: string;
  /** Hash of the definition: code, configuration, schema, checks, versions of the plugins used. */
  readonly definition: string;
  /** The parts of `definition`, so that `--why` can name what differs. */
  readonly definitionParts: Readonly<Record<string, string>>;
  readonly retries?: number;
  readonly timeoutMs?: number;
  readonly resource?: string;
}

/** What would run, in topological order. Plain JSON: it is shown, kept, and sent to executors. */
export interface Plan {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly project: string;
  readonly environment?: string;
  /** Digest of vp.lock, when there is one. */
  readonly lockDigest?: string;
  readonly steps: readonly PlanStep[];
  readonly metadata?: JsonObject;
}
