import type { LogicalType } from '@vp/plugin-sdk';

/** A type of the server, from pg_type. */
export interface NativeType {
  readonly oid: number;
  readonly name: string;
  /** `b`ase, `d`omain, `e`num, `c`omposite, `r`ange, `m`ultirange, `p`seudo. */
  readonly kind: string;
  /** Of a domain: the type beneath, with the modifier that the domain gives it. */
  readonly base?: { readonly oid: number; readonly modifier: number };
  /** Of an array: the type of its elements. */
  readonly element?: number;
  readonly labels?: readonly string[];
}

/** How a column is read: the type that it has for everybody else, and what is selected for it. */
export interface ColumnType {
  readonly type: LogicalType;
  /** `binary`: the server's own bytes are decoded; `text`: it is cast to text in the query. */
  readonly via: 'binary' | 'text';
  /** The type whose binary form comes: domains are told by what is beneath. */
  readonly oid: number;
  readonly native: NativeType;
  /** Of arrays: how an element is read. */
  readonly item?: ColumnType;
}

export const oids = {
  bool: 16,
  bytea: 17,
  char: 18,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  xml: 142,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;

const plain: Readonly<Record<number, LogicalType>> = {
  [oids.bool]: { kind: 'bool' },
  [oids.bytea]: { kind: 'binary' },
  [oids.int2]: { kind: 'int16' },
  [oids.int4]: { kind: 'int32' },
  [oids.int8]: { kind: 'int64' },
  [oids.oid]: { kind: 'uint32' },
  [oids.float4]: { kind: 'float32' },
  [oids.float8]: { kind: 'float64' },
  [oids.text]: { kind: 'utf8' },
  [oids.varchar]: { kind: 'utf8' },
  [oids.bpchar]: { kind: 'utf8' },
  [oids.name]: { kind: 'utf8' },
  [oids.date]: { kind: 'date' },
  [oids.time]: { kind: 'time', unit: 'us' },
  [oids.timestamp]: { kind: 'timestamp', unit: 'us' },
  [oids.timestamptz]: { kind: 'timestamp', unit: 'us', tz: 'UTC' },
  [oids.interval]: { kind: 'interval' },
  [oids.uuid]: { kind: 'uuid' },
  [oids.json]: { kind: 'json' },
  [oids.jsonb]: { kind: 'json' },
};

/**
 * How a column of a type of the server is read. What has no logical type of its own (inet, bit, ranges,
 * geometric types, composites, money, timetz, numeric without precision) is read as the text that the
 * server writes, and reads back, for it.
 *
 * @param dimensions of an array, as the column declares them
 */
export function columnType(request: {
  readonly types: ReadonlyMap<number, NativeType>;
  readonly oid: number;
  readonly modifier: number;
  readonly dimensions?: number;
}): ColumnType {
  const { types, oid, modifier, dimensions = 1 } = request;
  const native = types.get(oid) ?? { oid, name: `oid ${oid}`, kind: 'b' };
  if (native.base !== undefined) {
    const { oid: beneath, modifier: own } = native.base;
    return { ...columnType({ types, oid: beneath, modifier: own, dimensions }), native };
  }
  const asText: ColumnType = { type: { kind: 'utf8' }, via: 'text', oid: oids.text, native };
  if (native.labels !== undefined)
    return { type: { kind: 'enum', values: native.labels }, via: 'binary', oid: oids.text, native };
  if (native.element !== undefined) {
    const item = columnType({ types, oid: native.element, modifier });
    if (item.via === 'text' || item.item !== undefined) return asText;
    let { type } = item;
    for (let depth = 0; depth < Math.max(1, dimensions); depth++)
      type = { kind: 'list', item: { type, nullable: depth === 0 } };
    return { type, via: 'binary', oid, native, item };
  }
  if (oid === oids.numeric) {
    const decimal = decimalOf(modifier);
    return decimal === undefined ? asText : { type: decimal, via: 'binary', oid, native };
  }
  const type = plain[oid];
  return type === undefined ? asText : { type, via: 'binary', oid, native };
}

/** Source: numeric.c. The scale has 11 bits and a sign since version 15. */
function decimalOf(modifier: number): LogicalType | undefined {
  if (modifier < 4) return undefined;
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  // numeric(3, 5) and numeric(3, -2) have no place among decimals whose scale is part of their digits.
  return scale < 0 || scale > precision ? undefined : { kind: 'decimal', precision, scale };
}
