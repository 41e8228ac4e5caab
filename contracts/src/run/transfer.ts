import type { WriteMode } from '../assets/asset-spec.ts';
import type { PartitionKey } from '../assets/partition.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Format } from '../data/payload.ts';
import type { LogicalType, TableSchema } from '../types/logical-type.ts';
import type { SchemaChange } from '../types/schema-change.ts';

/**
 * What becomes of a difference between the data and the table that it goes to.
 *
 * - `evolve`: the table changes
 * - `freeze`: the transfer is refused before anything moves
 * - `discard_value`: the table stays; values that it has no place for are left out, and counted
 * - `discard_row`: the table stays; rows with such values are left out, and counted
 * - `quarantine`: such rows go to a table of their own
 */
export type SchemaAction = 'evolve' | 'freeze' | 'discard_value' | 'discard_row' | 'quarantine';

/** Which {@link SchemaAction} follows from which difference. What is left out evolves. */
export interface SchemaPolicy {
  /** A table that is not there: made (`evolve`) or refused. */
  readonly table?: 'evolve' | 'freeze';
  /** Columns that come, go, are renamed, or become nullable. */
  readonly column?: SchemaAction;
  /** Columns whose type differs. */
  readonly type?: SchemaAction;
  /** By column, before the two above. */
  readonly columns?: Readonly<Record<string, SchemaAction>>;
}

/** One end of a transfer: a source or a sink, and what of it. */
export interface TransferEnd {
  /** Contribution id. */
  readonly use: string;
  readonly connection?: string;
  readonly options: JsonObject;
}

/** Data to be moved from a source straight into a sink. Plain JSON. */
export interface TransferSpec {
  /** Stays the same over runs: the destination keeps the state of the transfer under it. */
  readonly name: string;
  readonly from: TransferEnd;
  readonly to: TransferEnd;
  readonly mode: WriteMode;
  /** For `merge`. */
  readonly key?: readonly string[];
  readonly partition?: PartitionKey;
  readonly schema?: SchemaPolicy;
  /** Names of losses (see `conversion`) that are allowed. */
  readonly allowLoss?: readonly string[];
  /** The one format in which data must move. */
  readonly format?: Format;
  /** Reads all data, whatever state the destination has. */
  readonly full?: boolean;
}

/** How one column gets from source to sink. */
export interface ColumnMapping {
  readonly column: string;
  /** Type at the source. */
  readonly from: LogicalType;
  /** The source's own name of it. */
  readonly fromNative?: string;
  /** Name at the destination. */
  readonly name: string;
  /** Type at the destination. */
  readonly to: LogicalType;
  readonly toNative?: string;
  /** Names of what is lost; empty for an exact mapping. */
  readonly losses: readonly string[];
  /** What is lost, or which values are refused, in words. */
  readonly reason?: string;
  /** Whether values are held against the type one by one, and refused when they do not fit. */
  readonly checked: boolean;
}

/** A difference of the schemas and what follows from it. */
export interface PlannedChange {
  readonly change: SchemaChange;
  readonly action: SchemaAction;
}

/** What a transfer will do. Plain JSON: shown by `vp plan` and `vp copy --dry-run`. */
export interface TransferPlan {
  readonly spec: TransferSpec;
  /** Name of the stream for people: `public.orders`. */
  readonly stream: string;
  /** Where it goes, for people. */
  readonly location: string;
  /** Whether the destination is there already. */
  readonly exists: boolean;
  readonly format: Format;
  /** `postgres postgres-copy -> postgres (native)`, and why not a cheaper one. */
  readonly path: string;
  /** The columns that are read. */
  readonly source: TableSchema;
  readonly columns: readonly ColumnMapping[];
  readonly changes: readonly PlannedChange[];
  /** Where the last transfer ended; the read goes on from there. */
  readonly state?: Json;
  /** Token of the commit that this one follows; `null` when there is none. */
  readonly basedOn: string | null;
  readonly estimatedRows?: number;
  readonly estimatedBytes?: number;
  readonly bounded: boolean;
}

/** What a transfer did. */
export interface TransferResult {
  readonly rows: number;
  readonly bytes?: number;
  readonly location: string;
  /** Cursor after it, as it was committed. */
  readonly state?: Json;
  /** Changes that were made at the destination. */
  readonly changes: readonly SchemaChange[];
  /** `true` when the destination had it already, from an attempt whose end was never heard of. */
  readonly doneBefore: boolean;
}
