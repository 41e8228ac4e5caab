import type { Field, LogicalType } from '@vp/plugin-sdk';
import type { Flavour } from '../connection/server.ts';

/** The type of a column that is made for a logical type, and what a read of it gives. */
export interface Stored {
  /** As it stands in CREATE TABLE. */
  readonly native: string;
  readonly type: LogicalType;
}

const simple: Readonly<Record<string, string>> = {
  bool: 'tinyint(1)',
  int8: 'tinyint',
  int16: 'smallint',
  int32: 'int',
  int64: 'bigint',
  uint8: 'tinyint unsigned',
  uint16: 'smallint unsigned',
  uint32: 'int unsigned',
  uint64: 'bigint unsigned',
  float32: 'float',
  float64: 'double',
  date: 'date',
};

const text: Stored = { native: 'longtext', type: { kind: 'utf8' } };
const fraction = { s: '', ms: '(3)', us: '(6)', ns: '(6)' } as const;
/** Characters of a text that is part of a key: four such columns fit into the server's 3072 bytes. */
const keyLength = 191;

/**
 * How a new column stores a logical type. What has no type of its own is kept as text, which the plan names
 * as a loss: decimals of more digits than the server has, intervals, and on MySQL documents as they were
 * written, since its own json sorts members and rounds numbers.
 */
export function storedAs({ type }: Field, flavour: Flavour, isKey: boolean): Stored {
  const native = simple[type.kind];
  if (native !== undefined) return { native, type };
  const { isMaria, release } = flavour;
  switch (type.kind) {
    case 'utf8':
      return isKey ? { native: `varchar(${keyLength})`, type } : text;
    case 'binary':
      return { native: isKey ? `varbinary(${keyLength * 4})` : 'longblob', type };
    case 'decimal': {
      const fits = type.precision <= 65 && type.scale <= (isMaria ? 38 : 30);
      return fits ? { native: `decimal(${type.precision},${type.scale})`, type } : text;
    }
    case 'time':
    case 'timestamp': {
      const unit = type.unit === 'ns' ? 'us' : type.unit;
      if (type.kind === 'time') return { native: `time${fraction[unit]}`, type: { kind: 'time', unit } };
      return type.tz === undefined
        ? { native: `datetime${fraction[unit]}`, type: { kind: 'timestamp', unit } }
        : { native: `timestamp${fraction[unit]}`, type: { kind: 'timestamp', unit, tz: 'UTC' } };
    }
    case 'uuid':
      return isMaria && release >= 1007
        ? { native: 'uuid', type }
        : { native: 'char(36)', type: { kind: 'utf8' } };
    case 'json':
      return isMaria ? { native: 'json', type } : text;
    case 'list':
    case 'struct':
    case 'map':
      return { native: 'json', type: { kind: 'json' } };
    case 'enum':
      return canBeEnum(type.values)
        ? { native: enumOf(type.values), type }
        : isKey
          ? { native: `varchar(${keyLength})`, type: { kind: 'utf8' } }
          : text;
    default:
      return text;
  }
}

/** The server cuts spaces off the end of labels, and '' stands for what is none of them. */
function canBeEnum(values: readonly string[]): boolean {
  const isPlain = values.every(
    (value) => value !== '' && value.length <= 255 && !/ $|[\\\0]|[\u{10000}-\u{10ffff}]/u.test(value),
  );
  return isPlain && values.length <= 65_535 && new Set(values).size === values.length;
}

const enumOf = (values: readonly string[]): string =>
  `enum(${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')})`;

/** Character set and collation of tables that are made: different texts are different, spaces at the end too. */
export const collationOf = ({ isMaria }: Flavour): string =>
  `character set utf8mb4 collate ${isMaria ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'}`;
