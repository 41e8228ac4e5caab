import type { JsonObject, Source, TableSchema } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import type { Decoders } from '../data/decode.ts';
import type { Disposable } from '../law.ts';

/** A source under test, over a stream whose content is known. */
export interface SourceSubject extends Disposable {
  /** A new instance with a configuration that works. All instances see the same system. */
  open(): Source | Promise<Source>;
  /** A new instance whose configuration cannot work: a closed port, a folder that is not there. */
  openBroken?(): Source | Promise<Source>;
  /** A new instance that is right but for its credentials: a wrong password, a revoked token. */
  openDenied?(): Source | Promise<Source>;
  /** A new instance whose system takes requests and never answers. */
  openSilent?(): Source | Promise<Source>;
  /** A new instance whose system fails at its `nth` request (counted from 1), and is fine before and after it. */
  openFlaky?(nth: number): Source | Promise<Source>;
  /** How many rows the system has given out so far, to all instances: shows who reads ahead. */
  served?(): number;
  /** The column that these options read incrementally by, when it is one that may hold equal values. */
  readonly cursor?: string;
  /** The options that select the stream. */
  readonly options: JsonObject;
  /** Options that are well-formed and select nothing. */
  readonly missing?: JsonObject;
  /** Options of a stream that cannot be read to the end within a second, for cancellation. */
  readonly endless?: JsonObject;
  /** What the stream is. Nothing is compared but names, types and nullability. */
  readonly schema: TableSchema;
  /** What it holds: at least one row, better some with NULLs and extreme values. */
  readonly rows: readonly Row[];
  /** Whether a read in one part gives the rows in that order; `false` when left out. */
  readonly ordered?: boolean;
  /** For formats that the kit cannot read (`parquet`, `arrow`, vendor formats). */
  readonly decoders?: Decoders;
  /** Adds rows to the stream, for sources that read incrementally or tell versions. */
  append?(rows: readonly Row[]): Promise<void>;
  /** Rows for {@link append}. */
  readonly moreRows?: readonly Row[];
  /** Texts of the configuration that nobody may see. */
  readonly secrets?: readonly string[];
}
