import type { WriteMode } from '../assets/asset-spec.ts';
import type { PartitionKey } from '../assets/partition.ts';
import type { CommitMeta } from '../assets/snapshot.ts';
import type { JsonObject } from '../core/json.ts';
import type { Format, Payload, TransferStats } from '../data/payload.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { LogicalType, TableSchema } from '../types/logical-type.ts';
import type { SchemaChange } from '../types/schema-change.ts';
import type { CallContext, CheckReport } from './call.ts';

/** What is at the destination now. */
export interface SinkTable {
  /** Where it lies, for people: `public.orders`, `out/orders.parquet`. */
  readonly location: string;
  readonly exists: boolean;
  readonly schema?: TableSchema;
  /** Formats that it can be written in, cheapest first. */
  readonly formats: readonly Format[];
  /**
   * Where a producer that can write there may put files, instead of handing over its own: the stage
   * of a warehouse, a bucket. With the size of file that it loads best.
   */
  readonly staging?: { readonly uri: string; readonly fileBytes?: number };
  /**
   * What the last commit wrote into the destination together with the data: the truth about what
   * has arrived.
   */
  readonly committed?: CommitMeta;
  /**
   * Changes that `WriteRequest.changes` may ask for, so that the plan can show them before they are
   * made; none when left out. The destination's own `schema` is what they start from.
   */
  readonly evolves?: readonly SchemaChange['kind'][];
}

/** How one column would be stored at a destination. */
export interface ColumnFit {
  /** Its name in the schema that is to be written. */
  readonly column: string;
  /** Its name at the destination, where that has to differ (length, case). */
  readonly name: string;
  /** What a read of the destination would give: the difference to the column's own type is the loss. */
  readonly type: LogicalType;
  /** The destination's own name of it: `numeric(38,10)`, `DATETIME(6)`. */
  readonly native: string;
}

/** How a schema would be stored. */
export interface SinkFit {
  /** Columns without a place at the destination are missing. */
  readonly columns: readonly ColumnFit[];
  /** Formats in which these columns can be written, cheapest first; all of `SinkTable.formats` when left out. */
  readonly formats?: readonly Format[];
}

/** What to write. */
export interface WriteRequest {
  readonly options: JsonObject;
  readonly schema: TableSchema;
  readonly mode: WriteMode;
  /** For `merge`: the columns that identify a row. */
  readonly key?: readonly string[];
  readonly format: Format;
  /** Same for every attempt of the same step of the same run. */
  readonly token: string;
  /** The partition that is written, for sinks that lay partitions out apart. */
  readonly partition?: PartitionKey;
  /**
   * Who writes: stays the same over runs. Several may append to or merge into one table, each with
   * a commit (`SinkTable.committed`) of its own. Left out: there is one writer only.
   */
  readonly feed?: string;
  /**
   * The token of the commit that this write follows: `SinkTable.committed?.token` as `inspect` gave
   * it, `null` when there was none. It fences off writers that are thought dead and are not: see
   * {@link SinkWriter.commit}. Left out: whoever commits last wins.
   */
  readonly basedOn?: string | null;
  /**
   * What to change in the table that is there, in this order and in the same atomic act as the data
   * (or, where the destination cannot, before it and so that it may be repeated). Only of kinds in
   * `SinkTable.evolves`. Which changes are allowed was decided by the host.
   */
  readonly changes?: readonly SchemaChange[];
}

/**
 * A write under way. Nothing is visible at the destination before `commit`. Bounded data: `write`
 * once or more, then `commit`. Unbounded data: `write`, `commit`, `write`, `commit`, …, each commit
 * with a token of its own that names the attempt and the window (`run/step/2#17`).
 */
export interface SinkWriter {
  /** Stages a payload. May be called for several parts at the same time. */
  write(payload: Payload, context: CallContext): Promise<TransferStats>;
  /**
   * Makes everything staged since the last commit visible, together with `meta`, in one atomic
   * act.
   *
   * Compared, in the same act, with the token of what the destination holds:
   * 1. it is `meta.token`: this was committed already, nothing changes, and that is a success;
   * 2. `basedOn` was given and it is neither that nor the token of this writer's last commit:
   *    somebody else has written since. A sink whose manifest has the capability `fencing` rejects
   *    with `VP_COMMIT_SUPERSEDED` and leaves the destination as it is. `admitCommit` of the SDK is
   *    this rule.
   */
  commit(
    meta: CommitMeta,
    context: CallContext,
  ): Promise<{ readonly location: string; readonly stats: TransferStats }>;
  /** Ends the write; what is staged and not committed is removed. Always called. */
  close(): Promise<void>;
}

/** Writes data into a system: stage, then one atomic commit of data and state. */
export interface Sink {
  check(context: CallContext): Promise<CheckReport>;
  /** The destination that `options` name, and what was last committed there. */
  inspect(
    request: { readonly options: JsonObject; readonly partition?: PartitionKey; readonly feed?: string },
    context: CallContext,
  ): Promise<SinkTable>;
  /**
   * How columns would be stored, before anything is read or made: in the table that is there, or in
   * the one that `open` would make. What does not fit at all is a `VpError`. Left out: columns of a
   * table that is there are as `inspect` says, those of a new one as they come.
   */
  fit?(
    request: {
      readonly options: JsonObject;
      readonly schema: TableSchema;
      readonly mode: WriteMode;
      readonly key?: readonly string[];
    },
    context: CallContext,
  ): Promise<SinkFit>;
  open(request: WriteRequest, context: CallContext): Promise<SinkWriter>;
  /** Removes what crashed attempts left behind (staging tables, temporary files) and says what it was. */
  recover?(
    request: { readonly options: JsonObject; readonly partition?: PartitionKey },
    context: CallContext,
  ): Promise<readonly string[]>;
}

/** Extension point `sink@1`. */
export const sinkPoint = createExtensionPoint<Sink>({ id: 'sink', major: 1 });
