import type { Generated } from 'kysely';

/** Tables of the metadata database. `*_json` columns hold JSON text. Times are milliseconds since the epoch. */
export interface MetadataTables {
  readonly event: EventTable;
  readonly run: RunTable;
  readonly materialization: MaterializationTable;
  readonly latest: LatestTable;
  readonly state: StateTable;
  readonly lock: LockTable;
}

export interface EventTable {
  readonly position: Generated<number>;
  /** `''`: of no run. */
  readonly run_id: string;
  readonly step_id: string;
  readonly type: string;
  readonly at: number;
  readonly event_json: string;
}

export interface RunTable {
  readonly id: string;
  readonly status: string;
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly pid: number;
  readonly host: string;
  /** When the process began, so that a reused pid is not taken for it. */
  readonly process_start: string | null;
  readonly run_json: string;
}

export interface MaterializationTable {
  readonly id: number;
  readonly step_id: string;
  readonly asset: string;
  readonly run_id: string;
  readonly version: string;
  readonly at: number;
  readonly record_json: string;
}

/** The newest materialization of each step. */
export interface LatestTable {
  readonly step_id: string;
  readonly asset: string;
  readonly materialization_id: number;
}

export interface StateTable {
  readonly key: string;
  /** NULL: removed. The row stays, so that a version never comes back. */
  readonly value_json: string | null;
  readonly version: number;
}

export interface LockTable {
  readonly name: string;
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly process_start: string | null;
  readonly purpose: string;
  readonly since: number;
}
