import type { Json, JsonObject } from '../core/json.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { PartitionKey } from './partition.ts';

/** An asset, or one partition of it. */
export interface AssetTarget {
  readonly asset: string;
  readonly partition?: PartitionKey;
}

/**
 * What is committed together with the data, in one atomic act: enough to know, from the
 * destination alone, what the data is and where to go on.
 */
export interface CommitMeta {
  readonly runId: string;
  readonly stepId: string;
  /** The same for all attempts of a step of a run; a second commit with it changes nothing. */
  readonly token: string;
  /** Hash of definition and input snapshots (see `PlanStep.fingerprint`). */
  readonly fingerprint: string;
  /** Snapshot ids of the inputs that were read, by asset (and partition text after `@`). */
  readonly inputs: Readonly<Record<string, string>>;
  /** Cursor of the source. */
  readonly state?: Json;
  readonly metadata?: JsonObject;
}

/** A complete, immutable version of an asset's (or partition's) data. */
export interface Snapshot extends AssetTarget {
  /** Sorts by time of creation. */
  readonly id: string;
  readonly schema: TableSchema;
  readonly rows: number;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Where it lies, for people: a path or a qualified table name. */
  readonly location: string;
  readonly commit: CommitMeta;
}
