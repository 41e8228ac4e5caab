import type { PartitionKey } from '../assets/partition.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Format, Payload } from '../data/payload.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { CallContext, CheckReport } from './call.ts';

/** A table, file set, topic or resource that a source can read. */
export interface SourceStream {
  /** The options that select it, as in `source('files', options)`. */
  readonly options: JsonObject;
  /** Name for people, e.g. `public.orders`. */
  readonly name: string;
  readonly schema: TableSchema;
  readonly estimatedRows?: number;
  readonly estimatedBytes?: number;
  readonly description?: string;
  /** Formats in which this stream can be read, cheapest first. */
  readonly formats: readonly Format[];
  /** Whether it ends. Topics and change streams do not: see {@link SourceRead.windows}. */
  readonly bounded: boolean;
  /** Columns that can serve as the cursor of incremental reads. */
  readonly cursors?: readonly string[];
}

/** What to read. */
export interface ReadRequest {
  readonly options: JsonObject;
  /** The format that was negotiated: one of the stream's `formats`. */
  readonly format: Format;
  /** Columns wanted, in order; all when left out. A hint that the source may pass over. */
  readonly columns?: readonly string[];
  /**
   * The columns that the asset declares. Sources of text without types (CSV, JSON) read columns of
   * these names as these types instead of guessing, and refuse values that do not fit; others may
   * pass over it. What the source's own options say about a column wins.
   */
  readonly schema?: TableSchema;
  /** Where the last committed read ended; all data when left out. */
  readonly state?: Json;
  /**
   * The partition that is computed: given to sources that can restrict themselves to it and say so
   * with the capability `partitions` in their manifest. For the others, `{partition}` in texts of
   * the options was replaced by the partition (`date=2001-03`, see `formatPartition`), and the name
   * of a dimension, as in `{date}`, by its value; in `discover` and `version` too.
   */
  readonly partition?: PartitionKey;
  /** How many parts the reader can drain at the same time; 1 when left out. */
  readonly parallelism?: number;
  /**
   * A part of a larger read, from {@link SourceRead.splits}, perhaps of another process: remote
   * executors hand one to each worker.
   */
  readonly split?: Json;
  /** For unbounded reads in a format other than `rows`: a window ends with so many rows, or after so long. */
  readonly window?: { readonly rows?: number; readonly ms?: number };
}

/** A piece of an endless read that is committed by itself. */
export interface SourceWindow {
  /** The data, each part ends. May be drained at the same time and in any order. */
  readonly parts: readonly Payload[];
  /** The cursor after it, of the whole read: committed with the data. */
  readonly state: Json;
}

/** An open read. The host always calls `close`. */
export interface SourceRead {
  readonly schema: TableSchema;
  readonly bounded: boolean;
  /**
   * The data, in one or more parts of one consistent snapshot, which may be drained at the same
   * time and in any order. Of an unbounded read: `rows` only, since the host can cut between two
   * batches and cannot see where a row ends in bytes.
   */
  readonly parts: readonly Payload[];
  /**
   * An unbounded read in any other format: `parts` is empty, and the source itself cuts its data
   * into windows of about `ReadRequest.window`. The next one is asked for after the commit of the last.
   */
  readonly windows?: AsyncIterable<SourceWindow>;
  /** Descriptions of `parts` that other processes can pass as `ReadRequest.split`. */
  readonly splits?: readonly Json[];
  /** The cursor after all parts are drained, to be committed with the data. */
  state(): Promise<Json | undefined>;
  close(): Promise<void>;
}

/**
 * Reads data out of a system. `rows` is obligatory among the formats; the others are fast paths,
 * and the conformance kit proves that all give the same data.
 */
export interface Source {
  /** Whether the system can be reached and read with this configuration. */
  check(context: CallContext): Promise<CheckReport>;
  /** The streams there are; with `options`, the one that they select, or none. Stable order. */
  discover(
    request: { readonly options?: JsonObject },
    context: CallContext,
  ): Promise<readonly SourceStream[]>;
  /**
   * A cheap token of the stream's present content: equal tokens promise equal data. `undefined`
   * when the system cannot tell; then every run reads.
   */
  version?(request: { readonly options: JsonObject }, context: CallContext): Promise<string | undefined>;
  read(request: ReadRequest, context: CallContext): Promise<SourceRead>;
  /**
   * Tells the system that everything up to `state` is committed at the destination (consumer group
   * offsets, replication slots). Called only after the commit.
   */
  acknowledge?(
    request: { readonly options: JsonObject; readonly state: Json },
    context: CallContext,
  ): Promise<void>;
}

/** Extension point `source@1`. */
export const sourcePoint = createExtensionPoint<Source>({ id: 'source', major: 1 });
