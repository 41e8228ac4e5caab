import type { SqlText } from '../assets/asset-spec.ts';
import type { PartitionKey } from '../assets/partition.ts';
import type { AssetTarget, CommitMeta, Snapshot } from '../assets/snapshot.ts';
import type { CsvDialect, Format, Payload, RowBatch } from '../data/payload.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { CallContext, CheckReport } from './call.ts';

/** Rows of a query, batch by batch. `close` when not read to the end. */
export interface QueryResult {
  readonly schema: TableSchema;
  readonly batches: AsyncIterable<RowBatch>;
  close(): Promise<void>;
}

/** Data of an asset to be read: its current snapshots, or a past one. */
export interface SnapshotRead {
  readonly asset: string;
  /** These partitions; all when left out. None: an empty relation with the columns of `schema`. */
  readonly partitions?: readonly PartitionKey[];
  /** The columns of a read of no partitions. */
  readonly schema?: TableSchema;
  /** This snapshot instead of the current one. */
  readonly snapshot?: string;
}

/** A query over assets. */
export interface EngineQuery {
  readonly sql: SqlText;
  /** What each `input` part of the text reads, by its `as` name. */
  readonly inputs: Readonly<Record<string, SnapshotRead>>;
  /** Bounds of the partition that is computed, for `partition` parts: by dimension name. */
  readonly partition?: Readonly<Record<string, PartitionBounds>>;
}

/** A partition's window: ISO timestamps for time dimensions, the key alone for static ones. */
export interface PartitionBounds {
  readonly key: string;
  readonly start?: string;
  readonly end?: string;
}

/** Where a new snapshot's data comes from. */
export type StageInput =
  | { readonly kind: 'query'; readonly query: EngineQuery }
  /** Drained fully; all parts go into the one snapshot. */
  | { readonly kind: 'payload'; readonly parts: readonly Payload[] };

/** A snapshot that is complete but not visible yet. */
export interface StagedSnapshot {
  /** The id that it will have. */
  readonly id: string;
  readonly target: AssetTarget;
  readonly schema: TableSchema;
  readonly rows: number;
  readonly bytes: number;
  /** SQL text that can stand after FROM in {@link EngineQueries.query}, for checks before the commit. */
  readonly relation: string;
  /** Makes it the current snapshot, in one atomic act. Again with the same token: changes nothing. */
  commit(meta: CommitMeta): Promise<Snapshot>;
  /** Removes it. After a `commit`, even one whose answer was an error, nothing: it may be the current one. */
  discard(): Promise<void>;
}

/** How an engine's data is read: by SQL, or handed over. Nothing here changes what it holds. */
export interface EngineQueries {
  /** Formats in which it takes payloads and gives them, cheapest first. */
  readonly formats: { readonly accepts: readonly Format[]; readonly offers: readonly Format[] };
  /** Runs a read-only statement. `text` may name assets as tables; `sql` has its inputs spelled out. */
  query(request: { readonly text: string } | EngineQuery, context: CallContext): Promise<QueryResult>;
  /** SQL text that can stand after FROM in {@link query}. */
  relation(read: SnapshotRead): Promise<string>;
  /** Opens an asset's data in `format` for a sink or a transform. Columns: all, or those named. */
  read(
    request: SnapshotRead & {
      readonly format: Format;
      readonly columns?: readonly string[];
      readonly csv?: CsvDialect;
      /** For formats that come as files: where to put them. */
      readonly directory?: string;
    },
    context: CallContext,
  ): Promise<{ readonly payload: Payload; close(): Promise<void> }>;
}

/** How data gets into an engine: staged first, seen only after {@link StagedSnapshot.commit}. */
export interface EngineWriter {
  /**
   * Computes or ingests data into a new snapshot, without anybody seeing it. When `schema` is
   * given, columns are cast to it where nothing is lost and refused where something would be.
   */
  stage(
    request: { readonly target: AssetTarget; readonly input: StageInput; readonly schema?: TableSchema },
    context: CallContext,
  ): Promise<StagedSnapshot>;
}

/** What an engine holds and has held. */
export interface EngineHistory {
  /** The current snapshots: of these assets (all partitions), or of all. */
  snapshots(assets?: readonly string[]): Promise<readonly Snapshot[]>;
  /** Past and present snapshots of an asset, newest first. */
  history(target: AssetTarget): Promise<readonly Snapshot[]>;
  /** Makes a past snapshot the current one again. */
  restore(target: AssetTarget, snapshot: string): Promise<Snapshot>;
  /**
   * Removes staged data of dead processes and snapshots beyond the newest `keep` of each target.
   * Says what it removed.
   */
  collectGarbage(request: { readonly keep: number }): Promise<readonly string[]>;
}

/**
 * Stores the assets' snapshots and runs SQL where they lie: {@link EngineWriter} puts them there,
 * {@link EngineQueries} reads them, {@link EngineHistory} knows them. The destination is the truth:
 * what `snapshots` says is what is there, whatever the metadata store remembers.
 */
export interface Engine extends EngineQueries, EngineWriter, EngineHistory {
  check(context: CallContext): Promise<CheckReport>;
  [Symbol.asyncDispose]?(): Promise<void>;
}

/** Extension point `engine@1`. */
export const enginePoint = createExtensionPoint<Engine>({ id: 'engine', major: 1 });
