import type { Columns, JsonObject, Logger, PartitionKey, PartitionsSpec } from '@vp/contracts';
import type { Input, Inputs, RowOf, RowOfColumns } from './asset-type.ts';
import type { Check } from './check.ts';
import type { SourceUse } from './source.ts';
import type { Sql } from './sql.ts';

/** What user code gets besides its data. */
export interface CodeContext {
  /** Aborts when the run is cancelled or the step's time is up. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The partition that is computed. */
  readonly partition?: PartitionKey;
}

/** Options that every asset may have. `Column` are the names of its columns. */
export interface CommonOptions<Column extends string> {
  /** For docs and catalog. */
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly metadata?: JsonObject;
  /** Rules that the data must keep before anybody sees it. */
  readonly checks?: readonly Check<Column>[];
  /** How it is cut into parts that are computed by themselves: `daily({ start: … })`. */
  readonly partitions?: PartitionsSpec;
  /** Contribution id of the engine; the deployment's own when left out. */
  readonly engine?: string;
  /** Further attempts after an error that time may heal. */
  readonly retries?: number;
  /** `90s`, `30m`, `2h`, or milliseconds. */
  readonly timeout?: string | number;
  /** Concurrency class, e.g. `heavy`. */
  readonly resource?: string;
  /** Stands for the code instead of its text: change it to recompute. For code in other modules. */
  readonly version?: string;
}

type Without<Key extends string> = { readonly [K in Key]?: never };

/** Declared columns of the asset, and which of them identify a row. */
interface Declared<C extends Columns> {
  /** The columns: `{ id: t.int64(), … }`. The data must fit, or it is not published. */
  readonly schema: C;
  /** Columns that identify a row. */
  readonly key?: readonly NoInfer<keyof C & string>[];
}

/** Read through a source plugin. */
export interface SourceAssetOptions<C extends Columns>
  extends CommonOptions<NoInfer<keyof C & string>>,
    Partial<Declared<C>>,
    Without<'sql' | 'from' | 'rows' | 'inputs' | 'batches' | 'task'> {
  readonly source: SourceUse;
}

/** A query over other assets. */
export interface SqlAssetOptions<C extends Columns>
  extends CommonOptions<NoInfer<keyof C & string>>,
    Partial<Declared<C>>,
    Without<'source' | 'from' | 'rows' | 'inputs' | 'batches' | 'task'> {
  readonly sql: Sql;
}

/** Why a member of a result cannot stand. Shown by the compiler. */
type NotAColumn<Name> = `"${Name & string}" is not a column of this asset's schema`;

/** Refuses members that are no columns; arrays are looked into. */
type Exact<R, C> = R extends readonly (infer Item)[]
  ? readonly Exact<Item, C>[]
  : R extends object
    ? { readonly [Name in Exclude<keyof R, keyof C>]: NotAColumn<Name> }
    : unknown;

/** What a row function may give: a row, several, or none. */
export type RowsResult<C extends Columns> = RowOfColumns<C> | readonly RowOfColumns<C>[] | null | undefined;

/** A TypeScript function from each row of one asset to rows of this one. */
export interface RowsAssetOptions<C extends Columns, From, R>
  extends CommonOptions<NoInfer<keyof C & string>>,
    Declared<C>,
    Without<'source' | 'sql' | 'inputs' | 'batches' | 'task'> {
  readonly from: Input<From>;
  /** Gives a row, an array of rows, or `null` to drop the row. */
  readonly rows: (row: NoInfer<From>, context: CodeContext) => R & Exact<R, NoInfer<C>>;
}

/** The data of each input, batch by batch. */
export type Batches<I extends Inputs> = {
  readonly [As in keyof I]: AsyncIterable<readonly RowOf<I[As]>[]>;
};

/** A TypeScript generator over batches of rows of any number of assets. */
export interface BatchesAssetOptions<C extends Columns, I extends Inputs, R>
  extends CommonOptions<NoInfer<keyof C & string>>,
    Declared<C>,
    Without<'source' | 'sql' | 'from' | 'rows' | 'task'> {
  readonly inputs: I;
  /** Yields arrays of rows: `async function* ({ orders }) { … }`. */
  readonly batches: (
    inputs: Batches<NoInfer<I>>,
    context: CodeContext,
  ) => AsyncIterable<readonly (R & Exact<R, NoInfer<C>>)[]>;
}

/** Code that has side effects instead of a table. */
export interface TaskAssetOptions<I extends Inputs>
  extends Omit<CommonOptions<never>, 'checks'>,
    Without<'checks' | 'source' | 'sql' | 'from' | 'rows' | 'batches' | 'schema' | 'key'> {
  readonly inputs?: I;
  /** May return facts to keep with the run. */
  readonly task: (
    inputs: Batches<NoInfer<I>>,
    context: CodeContext,
  ) => JsonObject | undefined | Promise<JsonObject | undefined>;
}
