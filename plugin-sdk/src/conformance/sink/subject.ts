import type { JsonObject, Payload, Sink, TableSchema, WriteMode } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import type { Disposable } from '../law.ts';

/** Turns rows into a payload of one format. Subjects bring those of formats other than `rows`. */
export type Encoder = (table: {
  readonly schema: TableSchema;
  readonly rows: readonly Row[];
}) => Payload | Promise<Payload>;

/** A sink under test, over a destination that is empty at first. */
export interface SinkSubject extends Disposable {
  /** A new instance with a configuration that works. All instances see the same system. */
  open(): Sink | Promise<Sink>;
  /** A new instance whose configuration cannot work. */
  openBroken?(): Sink | Promise<Sink>;
  /** A new instance that is right but for its credentials: a wrong password, a revoked token. */
  openDenied?(): Sink | Promise<Sink>;
  /** A new instance whose system takes requests and never answers. */
  openSilent?(): Sink | Promise<Sink>;
  /** A new instance whose system fails at its `nth` request (counted from 1), and is fine before and after it. */
  openFlaky?(nth: number): Sink | Promise<Sink>;
  /** The options that select the destination. */
  readonly options: JsonObject;
  /** Modes that it can write in. */
  readonly modes: readonly WriteMode[];
  /** Whether the manifest has the capability `fencing`. */
  readonly fencing?: boolean;
  /**
   * What somebody else sees at the destination now, read without the sink; `undefined` when nothing
   * is there. Values are those of the kit's table (see `sinkTable`).
   */
  readBack(): Promise<readonly Row[] | undefined>;
  /**
   * Ends what the writers that were never closed still hold, as the death of their process would: connections,
   * locks. For sinks whose `recover` spares the living.
   */
  killWriters?(): Promise<void>;
  /** Staging tables, temporary files: what must not be left behind. Names of what there is now. */
  leftovers(): Promise<readonly string[]>;
  /**
   * Columns and rows to write instead of the kit's own, for sinks that cannot hold all types. The
   * first column identifies a row. At least four rows.
   */
  readonly table?: { readonly schema: TableSchema; readonly rows: readonly Row[] };
  /** For each further format of `inspect().formats`. */
  readonly encoders?: Readonly<Record<string, Encoder>>;
  /** Texts of the configuration that nobody may see. */
  readonly secrets?: readonly string[];
}
