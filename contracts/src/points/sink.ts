import type { WriteMode } from '../assets/asset-spec.ts';
import type { PartitionKey } from '../assets/partition.ts';
import type { CommitMeta } from '../assets/snapshot.ts';
import type { JsonObject } from '../core/json.ts';
import type { Format, Payload, TransferStats } from '../data/payload.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { TableSchema } from '../types/logical-type.ts';
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
}

/**
 * A write under way. Nothing is visible at the destination before `commit`. Bounded data: `write`
 * once or more, then `commit`. Unbounded data: `write`, `commit`, `write`, `commit`, …
 */
export interface SinkWriter {
  /** Stages a payload. May be called for several parts at the same time. */
  write(payload: Payload, context: CallContext): Promise<TransferStats>;
  /**
   * Makes everything staged since the last commit visible, together with `meta`, in one atomic
   * act. Committing the same `meta.token` again changes nothing.
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
    request: { readonly options: JsonObject; readonly partition?: PartitionKey },
    context: CallContext,
  ): Promise<SinkTable>;
  open(request: WriteRequest, context: CallContext): Promise<SinkWriter>;
  /** Removes what crashed attempts left behind (staging tables, temporary files) and says what it was. */
  recover?(
    request: { readonly options: JsonObject; readonly partition?: PartitionKey },
    context: CallContext,
  ): Promise<readonly string[]>;
}

/** Extension point `sink@1`. */
export const sinkPoint = createExtensionPoint<Sink>({ id: 'sink', major: 1 });
