import type { MaterializationRecord, Snapshot, StepResult } from '@vp/contracts';
import { type Current, currentOfRecord, currentOfSnapshot } from '../plan/current.ts';

/**
 * What is there, for the steps of one run: read once when the run starts, then kept up by its own
 * steps. Nobody else commits meanwhile, because the run holds the deployment's lock.
 */
export interface RunState {
  current(stepId: string): Current | undefined;
  snapshot(stepId: string): Snapshot | undefined;
  committed(stepId: string, snapshot: Snapshot, record: MaterializationRecord): void;
  recorded(record: MaterializationRecord): void;
  /** A worker did the step, and has recorded it. */
  adopted(stepId: string, now: Current, snapshot: Snapshot | undefined): void;
}

/** Same for every attempt of a step in a run, wherever it runs. */
export const attemptToken = (runId: string, stepId: string): string => `${runId}/${stepId}`;

export function createRunState(init: {
  readonly current: ReadonlyMap<string, Current>;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Takes what the store must learn. */
  readonly record: (record: MaterializationRecord) => void;
}): RunState {
  const current = new Map(init.current);
  const snapshots = new Map(init.snapshots);
  return {
    current: (stepId) => current.get(stepId),
    snapshot: (stepId) => snapshots.get(stepId),
    committed(stepId, snapshot, record) {
      snapshots.set(stepId, snapshot);
      current.set(stepId, currentOfSnapshot(snapshot, record));
      init.record(record);
    },
    recorded(record) {
      current.set(record.stepId, currentOfRecord(record));
      init.record(record);
    },
    adopted(stepId, now, snapshot) {
      current.set(stepId, now);
      if (snapshot !== undefined) snapshots.set(stepId, snapshot);
    },
  };
}

/** What people want to know of a snapshot. */
export function describeSnapshot(snapshot: Snapshot | undefined): Partial<StepResult> {
  if (snapshot === undefined) return {};
  const { id, rows, bytes, location } = snapshot;
  return { snapshot: id, rows, bytes, location };
}
