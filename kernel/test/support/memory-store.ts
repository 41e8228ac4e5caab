import { hostname } from 'node:os';
import type { Json, LockOwner, MaterializationRecord, RunRecord, Store, StoredEvent } from '@vp/contracts';

/** A store in memory; what goes in comes out as after a round through JSON. */
export function createMemoryStore(): Store & { readonly locks: Map<string, LockOwner> } {
  const events: StoredEvent[] = [];
  const runs = new Map<string, RunRecord>();
  const newest = new Map<string, MaterializationRecord>();
  const history: MaterializationRecord[] = [];
  const state = new Map<string, { value: Json; version: number }>();
  const locks = new Map<string, LockOwner>();
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  return {
    locks,
    async appendEvents(added) {
      for (const event of added) events.push({ position: events.length + 1, event: copy(event) });
    },
    async events({ runId, stepId, types, after = 0, limit }) {
      return events
        .filter(
          ({ position, event }) =>
            position > after &&
            (runId === undefined || event.runId === runId) &&
            (stepId === undefined || event.stepId === stepId) &&
            (types === undefined || types.includes(event.type)),
        )
        .slice(0, limit);
    },
    async putRun(run) {
      runs.set(run.id, copy(run));
    },
    async runs({ id, status, limit }) {
      return [...runs.values()]
        .filter(
          (run) =>
            (id === undefined || run.id === id) && (status === undefined || status.includes(run.status)),
        )
        .reverse()
        .slice(0, limit);
    },
    async putMaterializations(records) {
      for (const record of records) {
        newest.set(record.stepId, copy(record));
        history.unshift(copy(record));
      }
    },
    async materializations({ assets }) {
      return [...newest.values()].filter((record) => assets === undefined || assets.includes(record.asset));
    },
    async history({ stepId, limit }) {
      return history.filter((record) => record.stepId === stepId).slice(0, limit);
    },
    async getState(key) {
      return state.get(key);
    },
    async putState(key, value, expected) {
      const version = state.get(key)?.version ?? 0;
      if (version !== expected) return false;
      if (value === undefined) state.delete(key);
      else state.set(key, { value: copy(value), version: version + 1 });
      return true;
    },
    async listState(prefix) {
      return [...state.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async acquireLock(name, purpose) {
      const heldBy = locks.get(name);
      if (heldBy !== undefined) return { heldBy };
      locks.set(name, { pid: process.pid, host: hostname(), purpose, since: Date.now() });
      return {
        async release() {
          locks.delete(name);
        },
      };
    },
  };
}
