import type {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBValue,
} from '@duckdb/node-api';
import type { LogicalType, TimeUnit, Value } from '@vp/plugin-sdk';
import { tickConverter } from './ticks.ts';

/** Turns a value of the native reader into the JavaScript value of its logical type. */
export type FromNative = (value: DuckDBValue) => Value;

/** How values of `type` are read; losslessly, unlike the driver's own conversions to JavaScript. */
export function fromNativeValue(type: LogicalType): FromNative {
  switch (type.kind) {
    case 'decimal':
    case 'uuid':
      return notNull<object>(String);
    case 'date':
      return notNull<DuckDBDateValue>((value) => value.days);
    case 'time':
      return ticks(type.unit === 'ns' ? 'ns' : 'us', type.unit);
    case 'timestamp':
      return ticks(type.tz === undefined ? type.unit : 'us', type.unit);
    case 'interval':
      return notNull<DuckDBIntervalValue>(({ months, days, micros }) => ({
        months,
        days,
        nanos: micros * 1000n,
      }));
    case 'binary':
      // Copied: the driver's bytes are a view on memory that the next chunk reuses.
      return notNull<DuckDBBlobValue>((value) => new Uint8Array(value.bytes));
    case 'list': {
      const item = fromNativeValue(type.item.type);
      return notNull<DuckDBListValue>((value) => value.items.map(item));
    }
    case 'struct': {
      const members = type.fields.map((f) => ({ name: f.name, read: fromNativeValue(f.type) }));
      return notNull<DuckDBStructValue>(({ entries }) =>
        Object.fromEntries(members.map(({ name, read }) => [name, read(entries[name] ?? null)])),
      );
    }
    case 'map': {
      const [key, item] = [fromNativeValue(type.key), fromNativeValue(type.value.type)];
      return notNull<DuckDBMapValue>(({ entries }) => entries.map((e) => [key(e.key), item(e.value)]));
    }
    default:
      return (value) => value as Value;
  }
}

interface Ticks {
  readonly seconds: bigint;
  readonly millis: bigint;
  readonly micros: bigint;
  readonly nanos: bigint;
}

const memberOfUnit = { s: 'seconds', ms: 'millis', us: 'micros', ns: 'nanos' } as const;

function ticks(native: TimeUnit, wanted: TimeUnit): FromNative {
  const convert = tickConverter(native, wanted);
  const member = memberOfUnit[native];
  return notNull<Ticks>((value) => convert(value[member]));
}

/** The driver gives each type its own value class: `V` is the one of this column. */
function notNull<V extends object>(read: (value: V) => Value): FromNative {
  return (value) => (value === null ? null : read(value as unknown as V));
}
