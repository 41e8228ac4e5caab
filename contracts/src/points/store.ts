import type { PartitionKey } from '../assets/partition.ts';
import type { Json } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { EventType, VpEvent } from '../run/event.ts';
import type { RunRecord, RunStatus } from '../run/result.ts';

/**
 * The last thing known about a target: which step made it, from what. The store's index over what
 * the engines hold; the only record of assets that keep no data (`materialize: 'none'`).
 */
export interface MaterializationRecord {
  readonly asset: string;
  readonly partition?: PartitionKey;
  readonly runId: string;
  readonly stepId: string;
  /** Snapshot id, or the run's id for assets without data and for publishes. */
  readonly version: string;
  readonly fingerprint: string;
  readonly definition: string;
  readonly definitionParts: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** Token of the source's content that was read (`Source.version`). */
  readonly sourceVersion?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly purpose: string;
  readonly since: number;
}

/** A lock that this process holds until released, or until it dies. */
export interface StoreLock {
  release(): Promise<void>;
}

/** Which runs are wanted; newest first. */
export interface RunFilter {
  readonly id?: string;
  readonly status?: readonly RunStatus[];
  readonly limit?: number;
}

/** Which events are wanted; oldest first. */
export interface EventFilter {
  readonly runId?: string;
  readonly stepId?: string;
  readonly types?: readonly EventType[];
  /** Only events that were stored after this position (see {@link StoredEvent}). */
  readonly after?: number;
  readonly limit?: number;
}

/** An event and its position in the store, which grows over all processes. */
export interface StoredEvent {
  readonly position: number;
  readonly event: VpEvent;
}

/**
 * Durable metadata: runs, events, materializations, small state, locks. Shared by all processes of
 * a deployment at the same time. Writes are durable when their promise resolves.
 */
export interface Store {
  appendEvents(events: readonly VpEvent[]): Promise<void>;
  events(filter: EventFilter): Promise<readonly StoredEvent[]>;
  /** Inserts or replaces by id. */
  putRun(run: RunRecord): Promise<void>;
  /** Runs; those of dead processes on this host are reported as `crashed`. */
  runs(filter: RunFilter): Promise<readonly RunRecord[]>;
  /** Becomes the newest record of each target; older ones are kept as history. */
  putMaterializations(records: readonly MaterializationRecord[]): Promise<void>;
  /** The newest record of each step id; of these assets, or of all. */
  materializations(filter: {
    readonly assets?: readonly string[];
  }): Promise<readonly MaterializationRecord[]>;
  /** Records of one step id, newest first. */
  history(filter: {
    readonly stepId: string;
    readonly limit?: number;
  }): Promise<readonly MaterializationRecord[]>;
  getState(key: string): Promise<{ readonly value: Json; readonly version: number } | undefined>;
  /**
   * Writes when the stored version is `expected` (0: there is none), else resolves `false`: another
   * process was first. `undefined` removes the entry.
   */
  putState(key: string, value: Json | undefined, expected: number): Promise<boolean>;
  /** State keys that start with `prefix`, sorted. */
  listState(prefix: string): Promise<readonly string[]>;
  /** Takes the lock, or says who has it. Locks of dead processes are taken over. */
  acquireLock(name: string, purpose: string): Promise<StoreLock | { readonly heldBy: LockOwner }>;
  [Symbol.asyncDispose]?(): Promise<void>;
}

/** Extension point `store@1`. */
export const storePoint = createExtensionPoint<Store>({ id: 'store', major: 1 });
