import type { DuckDBType } from '@duckdb/node-api';
import type { ElementType, Field, LogicalType } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { typeIds as ids } from './type-ids.ts';

const simpleSql: Partial<Record<LogicalType['kind'], string>> = {
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

const timestamps = { s: 'TIMESTAMP_S', ms: 'TIMESTAMP_MS', us: 'TIMESTAMP', ns: 'TIMESTAMP_NS' } as const;

/**
 * DuckDB's type for a logical one, as SQL. Where DuckDB has only a finer unit (`time(ms)`, zoned
 * timestamps), that one; zoned nanoseconds, which it has not, are kept as UTC `TIMESTAMP_NS`.
 */
export function toDuckType(type: LogicalType, column: string): string {
  switch (type.kind) {
    case 'decimal':
      if (type.precision > 38 || type.scale > type.precision || type.scale < 0) {
        throw unsupported(column, `decimal(${type.precision},${type.scale})`, 'DuckDB has at most 38 digits');
      }
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'time':
      return type.unit === 'ns' ? 'TIME_NS' : 'TIME';
    case 'timestamp':
      if (type.tz === undefined) return timestamps[type.unit];
      return type.unit === 'ns' ? 'TIMESTAMP_NS' : 'TIMESTAMP WITH TIME ZONE';
    case 'list':
      return `${toDuckType(type.item.type, column)}[]`;
    case 'struct':
      if (type.fields.length === 0) throw unsupported(column, 'struct<>', 'a struct needs a member');
      return `STRUCT(${type.fields.map((f) => `${quoteName(f.name)} ${toDuckType(f.type, `${column}.${f.name}`)}`).join(', ')})`;
    case 'map':
      return `MAP(${toDuckType(type.key, column)}, ${toDuckType(type.value.type, column)})`;
    case 'enum':
      if (type.values.length === 0) throw unsupported(column, 'enum()', 'an enum needs a value');
      return `ENUM(${type.values.map(quoteText).join(', ')})`;
    default:
      return simpleSql[type.kind] ?? 'VARCHAR';
  }
}

const simpleKinds: ReadonlyMap<number, LogicalType> = new Map<number, LogicalType>([
  [ids.BOOLEAN, { kind: 'bool' }],
  [ids.TINYINT, { kind: 'int8' }],
  [ids.SMALLINT, { kind: 'int16' }],
  [ids.INTEGER, { kind: 'int32' }],
  [ids.BIGINT, { kind: 'int64' }],
  [ids.UTINYINT, { kind: 'uint8' }],
  [ids.USMALLINT, { kind: 'uint16' }],
  [ids.UINTEGER, { kind: 'uint32' }],
  [ids.UBIGINT, { kind: 'uint64' }],
  [ids.HUGEINT, { kind: 'decimal', precision: 38, scale: 0 }],
  [ids.UHUGEINT, { kind: 'decimal', precision: 38, scale: 0 }],
  [ids.FLOAT, { kind: 'float32' }],
  [ids.DOUBLE, { kind: 'float64' }],
  [ids.BLOB, { kind: 'binary' }],
  [ids.DATE, { kind: 'date' }],
  [ids.TIME, { kind: 'time', unit: 'us' }],
  [ids.TIME_NS, { kind: 'time', unit: 'ns' }],
  [ids.TIMESTAMP_S, { kind: 'timestamp', unit: 's' }],
  [ids.TIMESTAMP_MS, { kind: 'timestamp', unit: 'ms' }],
  [ids.TIMESTAMP, { kind: 'timestamp', unit: 'us' }],
  [ids.TIMESTAMP_NS, { kind: 'timestamp', unit: 'ns' }],
  [ids.TIMESTAMP_TZ, { kind: 'timestamp', unit: 'us', tz: 'UTC' }],
  [ids.INTERVAL, { kind: 'interval' }],
  [ids.UUID, { kind: 'uuid' }],
  // The type of a bare NULL; DuckDB itself makes it an INTEGER when it has to be stored.
  [ids.SQLNULL, { kind: 'int32' }],
]);

/** The logical type of a DuckDB type; `undefined` for those that have none (BIT, UNION, VARIANT, …). */
export function toLogicalType(type: DuckDBType): LogicalType | undefined {
  const simple = simpleKinds.get(type.typeId);
  if (simple !== undefined) return simple;
  if (type.typeId === ids.VARCHAR) return { kind: type.alias === 'JSON' ? 'json' : 'utf8' };
  if (type.typeId === ids.DECIMAL && 'width' in type) {
    return { kind: 'decimal', precision: type.width, scale: type.scale };
  }
  if (type.typeId === ids.ENUM && 'values' in type) return { kind: 'enum', values: type.values };
  if (
    (type.typeId === ids.LIST || type.typeId === ids.ARRAY) &&
    'valueType' in type &&
    !('keyType' in type)
  ) {
    const item = toElement(type.valueType);
    return item && { kind: 'list', item };
  }
  if (type.typeId === ids.MAP && 'keyType' in type) {
    const key = toLogicalType(type.keyType);
    const value = toElement(type.valueType);
    return key && value && { kind: 'map', key, value };
  }
  if (type.typeId === ids.STRUCT && 'entryNames' in type) {
    const fields: Field[] = [];
    for (const [index, name] of type.entryNames.entries()) {
      const entry = type.entryTypes[index];
      const element = entry && toElement(entry);
      if (element === undefined) return undefined;
      fields.push({ name, ...element });
    }
    return { kind: 'struct', fields };
  }
  return undefined;
}

function toElement(type: DuckDBType): ElementType | undefined {
  const inner = toLogicalType(type);
  return inner && { type: inner, nullable: true };
}

function unsupported(column: string, type: string, reason: string) {
  return errors.VP_DUCKDB_TYPE_UNSUPPORTED({ column, type, reason });
}
