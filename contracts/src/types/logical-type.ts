/** Resolution of times and timestamps. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Kinds of logical type without parameters. */
export type SimpleKind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'utf8'
  | 'binary'
  | 'date'
  | 'interval'
  | 'uuid'
  | 'json';

/**
 * The one lossless type system of the data plane. Names follow Apache Arrow. It is plain JSON, so
 * that schemas travel in plans, snapshots and events.
 *
 * The JavaScript value of each kind (`null` stands for NULL everywhere):
 *
 * | kind | JavaScript | unit, range |
 * |---|---|---|
 * | `bool` | `boolean` | |
 * | `int8 int16 int32 uint8 uint16 uint32` | `number` | |
 * | `int64 uint64` | `bigint` | |
 * | `decimal(p, s)` | `string` | plain digits, `-12.340`, as many after the point as `s`; never an exponent |
 * | `float32 float64` | `number` | NaN and infinities are values |
 * | `utf8` | `string` | |
 * | `binary` | `Uint8Array` | |
 * | `date` | `number` | days since 1970-01-01, may be negative |
 * | `time(unit)` | `bigint` | `unit`s since midnight |
 * | `timestamp(unit)` | `bigint` | `unit`s since 1970-01-01T00:00 of a wall clock without zone |
 * | `timestamp(unit, tz)` | `bigint` | `unit`s since the epoch in UTC; `tz` is how to show it |
 * | `interval` | `{ months, days, nanos }` | the three do not convert into each other |
 * | `uuid` | `string` | lower case, with hyphens |
 * | `json` | `string` | the JSON text as it came: key order and number digits are kept |
 * | `list` | array | |
 * | `struct` | object | |
 * | `map` | array of `[key, value]` | order is kept, keys are not null |
 * | `enum` | `string` | one of `values` |
 *
 * A decimal has 1 to {@link maxDecimalPrecision} digits, 0 to `p` of them after the point; an engine
 * or destination may hold fewer, and then refuses the wider type. The one text that producers write
 * for a value: `-` below zero (never for zero), no `+`, no zeros before the first digit but the one
 * before the point, exactly `s` digits after the point and no point when `s` is 0: `0.50`, `-12`,
 * `0`. Consumers also take text with fewer or leading zeros. NaN and infinities are no decimals.
 */
export type LogicalType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly tz?: string }
  | { readonly kind: 'list'; readonly item: ElementType }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'map'; readonly key: LogicalType; readonly value: ElementType }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

/** The most digits that a `decimal` has. */
export const maxDecimalPrecision = 1_000;

/** Every `kind` of {@link LogicalType}. */
export type TypeKind = LogicalType['kind'];

/** The type of a list's items or a map's values. */
export interface ElementType {
  readonly type: LogicalType;
  readonly nullable: boolean;
}

/** A named column or struct member. */
export interface Field {
  readonly name: string;
  readonly type: LogicalType;
  readonly nullable: boolean;
  readonly description?: string;
  /** Free labels, e.g. `pii`; carried through lineage. */
  readonly tags?: readonly string[];
  /** The type's name in the system the field came from, e.g. `numeric(38,10)` or `DATETIME(6)`. */
  readonly nativeType?: string;
}

/** The columns of a table, in order. */
export interface TableSchema {
  readonly fields: readonly Field[];
  /** Columns that identify a row, when known. */
  readonly key?: readonly string[];
}

/** The value of an `interval`. */
export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly nanos: bigint;
}

/** Any JavaScript value of any logical type. */
export type Value =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | IntervalValue
  | null
  | readonly Value[]
  | { readonly [name: string]: Value };

/**
 * A logical type as people write it: `decimal(12,2)`, `timestamp(us, UTC)`, `list<int32?>`.
 *
 * @example
 * ```ts
 * import { formatType } from '@vp/contracts';
 * formatType({ kind: 'decimal', precision: 12, scale: 2 }); // 'decimal(12,2)'
 * ```
 */
export function formatType(type: LogicalType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${type.unit})`;
    case 'timestamp':
      return type.tz === undefined ? `timestamp(${type.unit})` : `timestamp(${type.unit}, ${type.tz})`;
    case 'list':
      return `list<${formatElement(type.item)}>`;
    case 'struct':
      return `struct<${type.fields.map((f) => `${formatName(f.name)}: ${formatElement(f)}`).join(', ')}>`;
    case 'map':
      return `map<${formatType(type.key)}, ${formatElement(type.value)}>`;
    case 'enum':
      return `enum(${type.values.map((v) => `'${v.replaceAll("'", "''")}'`).join(', ')})`;
    default:
      return type.kind;
  }
}

// Quoted where it could be read as something else, so that two types never have the same text.
function formatName(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}

function formatElement(element: ElementType): string {
  return `${formatType(element.type)}${element.nullable ? '?' : ''}`;
}

/** Whether two logical types are the same, parameters and members included. */
export function sameType(a: LogicalType, b: LogicalType): boolean {
  return formatType(a) === formatType(b);
}
