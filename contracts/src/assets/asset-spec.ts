import type { Branded } from '../core/brand.ts';
import type { SourceLocation } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { CheckSpec } from './check-spec.ts';
import type { PartitionMapping, PartitionsSpec } from './partition.ts';

/** An upstream asset, under the name by which the computation knows it. */
export interface AssetInput {
  readonly asset: string;
  readonly as: string;
  readonly partitions?: PartitionMapping;
  /** Where it is named, when that is more exact than the asset's own `origin`. */
  readonly origin?: SourceLocation;
}

/** A piece of a SQL text between literal strings. */
export type SqlPart =
  /** The relation of an input, by its `as` name. */
  | { readonly kind: 'input'; readonly as: string }
  /** A column name, quoted by the engine. */
  | { readonly kind: 'column'; readonly name: string }
  /** A value, bound as a parameter. */
  | { readonly kind: 'value'; readonly value: Json }
  /**
   * A bound of the partition that is computed: `start` and `end` of its time window as timestamps,
   * or its `key` text. `dimension` when the asset has several.
   */
  | { readonly kind: 'partition'; readonly bound: 'start' | 'end' | 'key'; readonly dimension?: string };

/** A SQL statement with holes: `strings` has one element more than `parts`. */
export interface SqlText {
  readonly strings: readonly string[];
  readonly parts: readonly SqlPart[];
}

/** How an asset's data comes to be. */
export type Compute =
  /** Read through a source. */
  | {
      readonly kind: 'source';
      /** Contribution id; with `connection`, the connection's own. */
      readonly use: string;
      readonly connection?: string;
      readonly options: JsonObject;
    }
  /** A query of an engine over the inputs. */
  | { readonly kind: 'sql'; readonly sql: SqlText }
  /** A transform over the inputs: user code, or a remote or native one. */
  | {
      readonly kind: 'transform';
      readonly use: string;
      readonly options: JsonObject;
      /** In-process code for the transform, e.g. a row function. Never serialised: workers load the pipeline. */
      readonly code?: unknown;
    };

/** What a step may use and how it is retried. Unset means: the executor's defaults. */
export interface StepPolicy {
  /** Further attempts after a `transient` error. */
  readonly retries?: number;
  readonly timeoutMs?: number;
  /** Concurrency class of the executor, e.g. `heavy`, `shop-db`. */
  readonly resource?: string;
}

/**
 * An asset: a table (or other product) that the platform keeps up to date, and how. Plain data but
 * for `compute.code`; made by the authoring API, by importers, by other languages.
 */
export interface AssetSpec extends Branded<'@vp/asset', 'v1'> {
  /** Unique in the pipeline: lower case letters, digits, `_`; groups with `.` (`shop.orders`). */
  readonly name: string;
  readonly origin?: SourceLocation;
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly metadata?: JsonObject;
  readonly inputs: readonly AssetInput[];
  readonly compute: Compute;
  /** `table` keeps snapshots, `none` has only side effects and a record. More kinds come (`view`, `incremental`). */
  readonly materialize: 'table' | 'none';
  /** Declared columns: the data must fit, or the step fails before it publishes. */
  readonly schema?: TableSchema;
  readonly checks: readonly CheckSpec[];
  readonly partitions?: PartitionsSpec;
  /** Contribution id of the engine that stores and computes it; the deployment's bound one when left out. */
  readonly engine?: string;
  readonly policy?: StepPolicy;
  /**
   * Text that stands for the code: a change of it makes the asset `changed`, and nothing else about the
   * code does. The text of a query, a digest of a function and all that it uses, or the author's `version`.
   */
  readonly codeVersion: string;
}

/** How rows get into an existing table. Each is idempotent per attempt. */
export type WriteMode = 'replace' | 'append' | 'merge';

/** An asset that is written to a sink whenever it has a new snapshot. */
export interface PublishSpec extends Branded<'@vp/publish', 'v1'> {
  /** Unique in the pipeline; the asset and sink unless the author names it. */
  readonly name: string;
  readonly origin?: SourceLocation;
  readonly asset: string;
  readonly use: string;
  readonly connection?: string;
  readonly options: JsonObject;
  readonly mode: WriteMode;
  /** For `merge`. */
  readonly key?: readonly string[];
  /** Names of losses (see `conversion`) that are allowed. */
  readonly allowLoss?: readonly string[];
  readonly policy?: StepPolicy;
}

/** What a project's pipeline file exports. */
export interface PipelineSpec extends Branded<'@vp/pipeline', 'v1'> {
  readonly assets: readonly AssetSpec[];
  readonly publish: readonly PublishSpec[];
}
