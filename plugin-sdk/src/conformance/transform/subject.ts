import type { JsonObject, PartitionKey, TableSchema, Transform } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import type { Decoders } from '../data/decode.ts';
import type { Disposable } from '../law.ts';
import type { Encoder } from '../sink/subject.ts';

/** A computation and what must come of it. */
export interface TransformCase {
  readonly name: string;
  readonly options: JsonObject;
  readonly code?: unknown;
  readonly inputs: Readonly<Record<string, { readonly schema: TableSchema; readonly rows: readonly Row[] }>>;
  /** The declared columns of the output. */
  readonly schema: TableSchema;
  readonly expected: readonly Row[];
  readonly partition?: PartitionKey;
  /** Whether output comes before the inputs end (it does not for a sort); `true` when left out. */
  readonly streams?: boolean;
}

/** A transform under test, with computations of known outcome. */
export interface TransformSubject extends Disposable {
  open(): Transform | Promise<Transform>;
  /** At least one, with at least three rows in each input. */
  readonly cases: readonly TransformCase[];
  /** A computation whose code fails, and a text of its error that the user must get to see. */
  readonly failing?: { readonly run: TransformCase; readonly says: string };
  /** For input formats other than `rows`. */
  readonly encoders?: Readonly<Record<string, Encoder>>;
  /** For output formats that the kit cannot read. */
  readonly decoders?: Decoders;
}
