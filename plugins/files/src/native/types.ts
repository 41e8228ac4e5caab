import type { DuckDBType } from '@duckdb/node-api';
import type { ElementType, LogicalType } from '@vp/plugin-sdk';
import { identifier, literal } from './sql.ts';

// DuckDBTypeId, by value: the driver is imported lazily, and its enum with it.
const typeId = {
  boolean: 1,
  tinyint: 2,
  smallint: 3,
  integer: 4,
  bigint: 5,
  utinyint: 6,
  usmallint: 7,
  uinteger: 8,
  ubigint: 9,
  float: 10,
  double: 11,
  timestamp: 12,
  date: 13,
  time: 14,
  interval: 15,
  hugeint: 16,
  varchar: 17,
  blob: 18,
  decimal: 19,
  timestampS: 20,
  timestampMs: 21,
  timestampNs: 22,
  enum: 23,
  list: 24,
  struct: 25,
  map: 26,
  uuid: 27,
  timestampTz: 31,
  array: 33,
  timeNs: 39,
} as const;

const simple: ReadonlyMap<number, LogicalType> = new Map<number, LogicalType>([
  [typeId.boolean, { kind: 'bool' }],
  [typeId.tinyint, { kind: 'int8' }],
  [typeId.smallint, { kind: 'int16' }],
  [typeId.integer, { kind: 'int32' }],
  [typeId.bigint, { kind: 'int64' }],
  [typeId.utinyint, { kind: 'uint8' }],
  [typeId.usmallint, { kind: 'uint16' }],
  [typeId.uinteger, { kind: 'uint32' }],
  [typeId.ubigint, { kind: 'uint64' }],
  // What the search for JSON's types says of integers of both signs; one that does not fit is an error.
  [typeId.hugeint, { kind: 'int64' }],
  [typeId.float, { kind: 'float32' }],
  [typeId.double, { kind: 'float64' }],
  [typeId.date, { kind: 'date' }],
  [typeId.interval, { kind: 'interval' }],
  [typeId.blob, { kind: 'binary' }],
  [typeId.uuid, { kind: 'uuid' }],
  [typeId.time, { kind: 'time', unit: 'us' }],
  [typeId.timeNs, { kind: 'time', unit: 'ns' }],
  [typeId.timestamp, { kind: 'timestamp', unit: 'us' }],
  [typeId.timestampS, { kind: 'timestamp', unit: 's' }],
  [typeId.timestampMs, { kind: 'timestamp', unit: 'ms' }],
  [typeId.timestampNs, { kind: 'timestamp', unit: 'ns' }],
  [typeId.timestampTz, { kind: 'timestamp', unit: 'us', tz: 'UTC' }],
]);

/** The logical type of a type of the native reader; `undefined` when there is none without loss. */
export function fromNative(type: DuckDBType): LogicalType | undefined {
  const known = simple.get(type.typeId);
  if (known !== undefined) return known;
  if (type.typeId === typeId.varchar) return { kind: type.alias === 'JSON' ? 'json' : 'utf8' };
  if (type.typeId === typeId.decimal && 'width' in type && 'scale' in type)
    return { kind: 'decimal', precision: type.width, scale: type.scale };
  if (type.typeId === typeId.enum && 'values' in type) return { kind: 'enum', values: type.values };
  if ('keyType' in type && 'valueType' in type && type.typeId === typeId.map) {
    const key = fromNative(type.keyType);
    const value = element(type.valueType);
    return key === undefined || value === undefined ? undefined : { kind: 'map', key, value };
  }
  if ((type.typeId === typeId.list || type.typeId === typeId.array) && 'valueType' in type) {
    const item = element(type.valueType);
    return item === undefined ? undefined : { kind: 'list', item };
  }
  if (type.typeId === typeId.struct && 'entryNames' in type && 'entryTypes' in type) {
    const fields = type.entryNames.map((name, i) => {
      const member = type.entryTypes[i];
      const inner = member === undefined ? undefined : element(member);
      return inner === undefined ? undefined : { name, ...inner };
    });
    const known = fields.filter((f) => f !== undefined);
    return known.length === fields.length ? { kind: 'struct', fields: known } : undefined;
  }
  return undefined;
}

function element(type: DuckDBType): ElementType | undefined {
  const inner = fromNative(type);
  return inner === undefined ? undefined : { type: inner, nullable: true };
}

const sqlOfKind: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  int8: 'TINYINT',
  int16: 'SMALLINT',
  int32: 'INTEGER',
  int64: 'BIGINT',
  uint8: 'UTINYINT',
  uint16: 'USMALLINT',
  uint32: 'UINTEGER',
  uint64: 'UBIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  utf8: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
};

const sqlOfTimestamp = { s: 'TIMESTAMP_S', ms: 'TIMESTAMP_MS', us: 'TIMESTAMP', ns: 'TIMESTAMP_NS' } as const;

/** The SQL name of a logical type for the native reader and writer. */
export function toNative(type: LogicalType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'time':
      return type.unit === 'ns' ? 'TIME_NS' : 'TIME';
    case 'timestamp':
      return type.tz === undefined ? sqlOfTimestamp[type.unit] : 'TIMESTAMPTZ';
    case 'list':
      return `${toNative(type.item.type)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((f) => `${identifier(f.name)} ${toNative(f.type)}`).join(', ')})`;
    case 'map':
      return `MAP(${toNative(type.key)}, ${toNative(type.value.type)})`;
    case 'enum':
      return `ENUM(${type.values.map(literal).join(', ')})`;
    default:
      return sqlOfKind[type.kind] ?? 'VARCHAR';
  }
}
