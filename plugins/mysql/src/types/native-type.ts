import type { LogicalType, TimeUnit } from '@vp/plugin-sdk';
import type { ReadAs } from '../options.ts';

/** How the text that the server sends for a column is read. */
export type Via =
  | 'int'
  | 'bigint'
  | 'bool'
  | 'float'
  | 'double'
  | 'decimal'
  | 'text'
  | 'enum'
  | 'bytes'
  | 'bit'
  | 'bit1'
  | 'date'
  | 'datetime'
  | 'time'
  | 'interval';

/** A column's type for everybody else, and how it is read. */
export interface ColumnType {
  readonly type: LogicalType;
  readonly via: Via;
}

/**
 * What a column type means, by its full text as information_schema has it: `bigint(20) unsigned`,
 * `decimal(10,2)`, `enum('a','b')`. `undefined` for a type that is not known.
 */
export function columnType(native: string): ColumnType | undefined {
  const [, name = '', inner, rest = ''] =
    /^([a-z0-9_ ]+?)(?:\((.*)\))?((?: unsigned| zerofill| precision| \/\*.*\*\/)*)$/s.exec(native) ?? [];
  const unsigned = /unsigned|zerofill/.test(rest);
  switch (name) {
    case 'tinyint':
      if (inner === '1' && !unsigned) return { type: { kind: 'bool' }, via: 'bool' };
      return { type: { kind: unsigned ? 'uint8' : 'int8' }, via: 'int' };
    case 'smallint':
      return { type: { kind: unsigned ? 'uint16' : 'int16' }, via: 'int' };
    case 'mediumint':
    case 'int':
      return { type: { kind: unsigned ? 'uint32' : 'int32' }, via: 'int' };
    case 'bigint':
      return { type: { kind: unsigned ? 'uint64' : 'int64' }, via: 'bigint' };
    case 'year':
      return { type: { kind: 'uint16' }, via: 'int' };
    case 'bit':
      return inner === '1'
        ? { type: { kind: 'bool' }, via: 'bit1' }
        : { type: { kind: 'uint64' }, via: 'bit' };
    case 'float':
      return { type: { kind: 'float32' }, via: 'float' };
    case 'double':
      return { type: { kind: 'float64' }, via: 'double' };
    case 'decimal': {
      const [precision = 10, scale = 0] = (inner ?? '').split(',').map(Number);
      return { type: { kind: 'decimal', precision, scale }, via: 'decimal' };
    }
    case 'date':
      return { type: { kind: 'date' }, via: 'date' };
    case 'datetime':
      return { type: { kind: 'timestamp', unit: unitOf(inner) }, via: 'datetime' };
    case 'timestamp':
      return { type: { kind: 'timestamp', unit: unitOf(inner), tz: 'UTC' }, via: 'datetime' };
    case 'time':
      return { type: { kind: 'time', unit: unitOf(inner) }, via: 'time' };
    case 'json':
      return { type: { kind: 'json' }, via: 'text' };
    case 'uuid':
      return { type: { kind: 'uuid' }, via: 'text' };
    case 'enum':
      return { type: { kind: 'enum', values: labels(inner ?? '') }, via: 'enum' };
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
    case 'set':
    case 'inet4':
    case 'inet6':
      return { type: { kind: 'utf8' }, via: 'text' };
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
    case 'vector':
      return { type: { kind: 'binary' }, via: 'bytes' };
  }
  return /^(geometry|point|linestring|polygon|multi\w+|geom\w*collection)$/.test(name)
    ? { type: { kind: 'binary' }, via: 'bytes' }
    : undefined;
}

/** What an option `columns` makes of a column; `undefined` when it cannot be read so. */
export function readAs(own: ColumnType, as: ReadAs): ColumnType | undefined {
  if (as === 'utf8')
    return own.via === 'bytes' || own.via.startsWith('bit')
      ? undefined
      : { type: { kind: 'utf8' }, via: 'text' };
  if (as === 'int8') return own.via === 'bool' ? { type: { kind: 'int8' }, via: 'int' } : undefined;
  return own.via === 'time' ? { type: { kind: 'interval' }, via: 'interval' } : undefined;
}

/** Digits after the second: none, up to three, up to six. */
function unitOf(digits: string | undefined): TimeUnit {
  const count = Number(digits ?? 0);
  return count === 0 ? 's' : count <= 3 ? 'ms' : 'us';
}

/** `'a','it''s'` */
function labels(list: string): readonly string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"));
}
