import { type Field, formatType, type LogicalType } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** The type of a column that is made for a logical type, and what a read of it gives. */
export interface Stored {
  /** As it stands in CREATE TABLE. */
  readonly native: string;
  readonly type: LogicalType;
}

const simple: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int16: 'smallint',
  int32: 'integer',
  int64: 'bigint',
  float32: 'real',
  float64: 'double precision',
  utf8: 'text',
  binary: 'bytea',
  date: 'date',
  interval: 'interval',
  uuid: 'uuid',
  json: 'json',
};

/** The narrowest type of the server that holds every value, where it has none of the same width. */
const wider: Readonly<Record<string, Stored>> = {
  int8: { native: 'smallint', type: { kind: 'int16' } },
  uint8: { native: 'smallint', type: { kind: 'int16' } },
  uint16: { native: 'integer', type: { kind: 'int32' } },
  uint32: { native: 'bigint', type: { kind: 'int64' } },
  uint64: { native: 'numeric(20,0)', type: { kind: 'decimal', precision: 20, scale: 0 } },
};

/** @throws VpError for a type that the server has no place for */
export function storedAs(field: Field): Stored {
  const { type } = field;
  const found = stored(type);
  if (found !== undefined) return found;
  throw errors.VP_POSTGRES_NO_TYPE({ column: field.name, type: formatType(type) });
}

function stored(type: LogicalType): Stored | undefined {
  const native = simple[type.kind];
  if (native !== undefined) return { native, type };
  const wide = wider[type.kind];
  if (wide !== undefined) return wide;
  switch (type.kind) {
    case 'decimal':
      return { native: `numeric(${type.precision},${type.scale})`, type };
    case 'enum':
      return { native: 'text', type: { kind: 'utf8' } };
    case 'time':
      // The server counts microseconds; coarser units fit, nanoseconds do not.
      return { native: 'time', type: { kind: 'time', unit: 'us' } };
    case 'timestamp':
      return type.tz === undefined
        ? { native: 'timestamp', type: { kind: 'timestamp', unit: 'us' } }
        : { native: 'timestamptz', type: { kind: 'timestamp', unit: 'us', tz: 'UTC' } };
    case 'list': {
      const item = stored(type.item.type);
      if (item === undefined || item.native === 'json') return undefined;
      return {
        native: `${item.native}[]`,
        type: { kind: 'list', item: { type: item.type, nullable: true } },
      };
    }
    default:
      return undefined;
  }
}
