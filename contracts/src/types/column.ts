import type { Field, IntervalValue, LogicalType, SimpleKind, TableSchema, TimeUnit } from './logical-type.ts';

/**
 * A column's definition with the TypeScript type of its values. Made with {@link t}; `V` includes
 * `null` for nullable columns.
 */
export interface Column<V = unknown> {
  readonly $$type: '@vp/column';
  readonly version: 'v1';
  readonly type: LogicalType;
  readonly isNullable: boolean;
  readonly about?: string;
  readonly labels?: readonly string[];
  /** Phantom: carries `V`, is never set. */
  readonly $value?: V;
  /** The same column, where NULL is allowed. */
  nullable(): Column<V | null>;
  /** The same column with a description for docs and catalog. */
  describe(text: string): Column<V>;
  /** The same column with labels such as `pii`. */
  tag(...labels: string[]): Column<V>;
}

/** Named columns: how a schema is written. The order of the keys is the order of the columns. */
export type Columns = { readonly [name: string]: Column };

/** The TypeScript type of a column's values. */
export type ValueOf<C> = C extends Column<infer V> ? V : never;

/**
 * The TypeScript type of a row of a schema.
 *
 * @example
 * ```ts
 * import { t, type RowOf } from '@vp/contracts';
 * const order = { id: t.int64(), note: t.text().nullable() };
 * const row: RowOf<typeof order> = { id: 1n, note: null };
 * ```
 */
export type RowOf<S> = { readonly [K in keyof S]: ValueOf<S[K]> };

function column<V>(
  type: LogicalType,
  isNullable = false,
  about?: string,
  labels?: readonly string[],
): Column<V> {
  return {
    $$type: '@vp/column',
    version: 'v1',
    type,
    isNullable,
    ...(about === undefined ? {} : { about }),
    ...(labels === undefined ? {} : { labels }),
    nullable: () => column<V | null>(type, true, about, labels),
    describe: (text) => column<V>(type, isNullable, text, labels),
    tag: (...more) => column<V>(type, isNullable, about, [...(labels ?? []), ...more]),
  };
}

const simple =
  <V>(kind: SimpleKind) =>
  (): Column<V> =>
    column<V>({ kind });

/**
 * The column types. Columns are NOT NULL unless `.nullable()` is called. Units and JavaScript
 * values are those of {@link LogicalType}.
 *
 * @example
 * ```ts
 * import { t } from '@vp/contracts';
 * const orders = {
 *   id: t.int64(),
 *   amount: t.decimal(12, 2),
 *   placed_at: t.timestamp({ tz: 'UTC' }),
 *   tags: t.list(t.text()),
 *   status: t.enum('open', 'paid').describe('Where the order stands'),
 * };
 * ```
 */
export const t = {
  bool: simple<boolean>('bool'),
  int8: simple<number>('int8'),
  int16: simple<number>('int16'),
  int32: simple<number>('int32'),
  int64: simple<bigint>('int64'),
  uint8: simple<number>('uint8'),
  uint16: simple<number>('uint16'),
  uint32: simple<number>('uint32'),
  uint64: simple<bigint>('uint64'),
  float32: simple<number>('float32'),
  float64: simple<number>('float64'),
  /** Text of any length (`utf8`). */
  text: simple<string>('utf8'),
  binary: simple<Uint8Array>('binary'),
  /** Days since 1970-01-01. */
  date: simple<number>('date'),
  interval: simple<IntervalValue>('interval'),
  uuid: simple<string>('uuid'),
  /** JSON text, kept as it came. */
  json: simple<string>('json'),
  /** Exact decimal of `precision` digits, `scale` of them after the point; a string in JavaScript. */
  decimal: (precision: number, scale: number): Column<string> =>
    column<string>({ kind: 'decimal', precision, scale }),
  /** Time of day; microseconds unless `unit` says otherwise. */
  time: (options: { readonly unit?: TimeUnit } = {}): Column<bigint> =>
    column<bigint>({ kind: 'time', unit: options.unit ?? 'us' }),
  /** Timestamp; microseconds and without a zone unless the options say otherwise. */
  timestamp: (options: { readonly unit?: TimeUnit; readonly tz?: string } = {}): Column<bigint> =>
    column<bigint>({
      kind: 'timestamp',
      unit: options.unit ?? 'us',
      ...(options.tz === undefined ? {} : { tz: options.tz }),
    }),
  list: <V>(item: Column<V>): Column<readonly V[]> =>
    column<readonly V[]>({ kind: 'list', item: { type: item.type, nullable: item.isNullable } }),
  struct: <S extends Columns>(members: S): Column<RowOf<S>> =>
    column<RowOf<S>>({ kind: 'struct', fields: toFields(members) }),
  map: <K, V>(key: Column<K>, value: Column<V>): Column<readonly (readonly [K, V])[]> =>
    column<readonly (readonly [K, V])[]>({
      kind: 'map',
      key: key.type,
      value: { type: value.type, nullable: value.isNullable },
    }),
  enum: <const V extends string>(...values: readonly V[]): Column<V> => column<V>({ kind: 'enum', values }),
} as const;

function toFields(columns: Columns): readonly Field[] {
  return Object.entries(columns).map(([name, c]) => ({
    name,
    type: c.type,
    nullable: c.isNullable,
    ...(c.about === undefined ? {} : { description: c.about }),
    ...(c.labels === undefined ? {} : { tags: c.labels }),
  }));
}

/** The {@link TableSchema} of named columns. */
export function toTableSchema(columns: Columns, key?: readonly string[]): TableSchema {
  return { fields: toFields(columns), ...(key === undefined ? {} : { key }) };
}
