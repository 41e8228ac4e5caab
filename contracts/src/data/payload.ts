import type { Json, JsonObject } from '../core/json.ts';
import type { TableSchema, Value } from '../types/logical-type.ts';

/**
 * How data is laid out while it moves. `rows` is always there; the others are fast paths between
 * native parts, past JavaScript. Vendors add their own (`postgres-copy`).
 */
export type Format =
  | 'rows'
  | 'arrow'
  | 'csv'
  | 'json'
  | 'ndjson'
  | 'parquet'
  | 'relation'
  | (string & { readonly vendor?: never });

/** One column of a batch: plain or typed array of the values of the column's logical type. */
export type ColumnValues = ArrayLike<Value>;

/**
 * Some rows, column by column (`columns[c][r]`). A batch is read-only and valid until the next one
 * is asked for. A few thousand rows a batch is the usual size.
 */
export interface RowBatch {
  readonly length: number;
  /** In the order of the payload's schema, each `length` long. */
  readonly columns: readonly ColumnValues[];
  /**
   * Cursor of the source after this batch: once everything up to here is committed, a later read
   * may start from it. Unbounded sources must set it; bounded ones may. In a read of several parts it
   * is an object that speaks of its own part only (`{ "3": 77 }`, the offset of a topic's partition 3):
   * the state of the whole is the last state of each part, merged key by key into the state that the
   * read began with.
   */
  readonly state?: Json;
}

/** How text is cut into columns. Stated by the producer, never guessed by the consumer. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Escape inside quotes; equal to `quote` when quotes are doubled. */
  readonly escape: string;
  readonly header: boolean;
  /** The text that stands for NULL when it is not quoted. `''` and NULL differ by quoting. */
  readonly nullText: string;
  readonly encoding?: string;
  /** Lines to pass over before the header. */
  readonly skip?: number;
  /** `strftime` patterns, where dates and timestamps are not ISO 8601. */
  readonly dateFormat?: string;
  readonly timestampFormat?: string;
}

/** The dialect that VibePiper writes: RFC 4180, with a header, NULL as an empty unquoted field. */
export const standardCsv: CsvDialect = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  nullText: '',
  encoding: 'utf-8',
};

/** A file that holds part of a payload. */
export interface DataFile {
  /** An absolute path, or a URL that the consumer says it can read. */
  readonly uri: string;
  readonly bytes?: number;
  readonly compression?: 'none' | 'gzip' | 'zstd' | 'snappy';
  /** Values of columns that are written in the path (`year=2024/…`) and not in the file. */
  readonly partition?: Readonly<Record<string, string>>;
  /** Whether it was made for this read alone, so that the consumer may move it instead of copying. */
  readonly temporary?: boolean;
}

interface PayloadBase {
  readonly schema: TableSchema;
  /** Rows to come, when known, for progress and for choosing a path. An estimate. */
  readonly estimatedRows?: number;
  readonly estimatedBytes?: number;
}

/** Batches of JavaScript values. The consumer pulls; a producer is at most one batch ahead. */
export interface RowsPayload extends PayloadBase {
  readonly carrier: 'rows';
  readonly format: 'rows';
  readonly batches: AsyncIterable<RowBatch>;
}

/** Bytes in a format, as they come from a server or a pipe. Consumed once, with back-pressure. */
export interface StreamPayload extends PayloadBase {
  readonly carrier: 'stream';
  readonly format: Format;
  /** For `csv`. */
  readonly csv?: CsvDialect;
  /** Whatever else a vendor format's consumer must know. */
  readonly options?: JsonObject;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Files that stay where they are until the read is closed. Consumers read them natively. */
export interface FilesPayload extends PayloadBase {
  readonly carrier: 'files';
  readonly format: Format;
  readonly csv?: CsvDialect;
  readonly options?: JsonObject;
  readonly files: readonly DataFile[];
}

/** Data that already is in an engine: a relation that SQL of that engine can select from. */
export interface RelationPayload extends PayloadBase {
  readonly carrier: 'relation';
  readonly format: 'relation';
  /** Contribution id of the engine. */
  readonly engine: string;
  /** SQL text that can stand after FROM. */
  readonly sql: string;
}

/**
 * Data on the move. A consumer that accepts a format accepts it from each carrier that can hold
 * it: `csv`, `json`, `ndjson` and `arrow` come as a stream or as files, `parquet` as files.
 */
export type Payload = RowsPayload | StreamPayload | FilesPayload | RelationPayload;

/** What moved. */
export interface TransferStats {
  readonly rows: number;
  /** Bytes as written at the destination, when it says so. */
  readonly bytes?: number;
}
