import type { DuckDBValue } from '@duckdb/node-api';
import type { IntervalValue, LogicalType, TimeUnit, Value } from '@vp/plugin-sdk';
import { tickConverter } from './ticks.ts';

/** The native driver's module; imported lazily, so it is handed in. */
export type Driver = typeof import('@duckdb/node-api');

/** Turns a JavaScript value of a logical type into the native writer's. */
export type ToNativeValue = (value: Value) => DuckDBValue;

/** How values of `type` are given to the native writer. */
export function toNativeValue(type: LogicalType, driver: Driver): ToNativeValue {
  switch (type.kind) {
    case 'decimal':
      return notNull<string>(
        (v) => new driver.DuckDBDecimalValue(scaled(v, type.scale), type.precision, type.scale),
      );
    case 'date':
      return notNull<number>((v) => new driver.DuckDBDateValue(v));
    case 'time':
      return time(type.unit, driver);
    case 'timestamp':
      return timestamp(type.unit, type.tz !== undefined, driver);
    case 'interval':
      return notNull<IntervalValue>((v) => new driver.DuckDBIntervalValue(v.months, v.days, v.nanos / 1000n));
    case 'uuid':
      return notNull<string>((v) => driver.DuckDBUUIDValue.fromUint128(BigInt(`0x${v.replaceAll('-', '')}`)));
    case 'binary':
      return notNull<Uint8Array>((v) => new driver.DuckDBBlobValue(v));
    case 'list': {
      const item = toNativeValue(type.item.type, driver);
      return notNull<readonly Value[]>((v) => new driver.DuckDBListValue(v.map(item)));
    }
    case 'struct': {
      const members = type.fields.map((f) => ({ name: f.name, write: toNativeValue(f.type, driver) }));
      return notNull<Readonly<Record<string, Value>>>(
        (v) =>
          new driver.DuckDBStructValue(
            Object.fromEntries(members.map(({ name, write }) => [name, write(v[name] ?? null)])),
          ),
      );
    }
    case 'map': {
      const [key, item] = [toNativeValue(type.key, driver), toNativeValue(type.value.type, driver)];
      return notNull<readonly (readonly [Value, Value])[]>(
        (v) => new driver.DuckDBMapValue(v.map(([k, x]) => ({ key: key(k), value: item(x) }))),
      );
    }
    default:
      return (value) => value as DuckDBValue;
  }
}

function time(unit: TimeUnit, driver: Driver): ToNativeValue {
  if (unit === 'ns') return notNull<bigint>((v) => new driver.DuckDBTimeNSValue(v));
  const toMicros = tickConverter(unit, 'us');
  return notNull<bigint>((v) => new driver.DuckDBTimeValue(toMicros(v)));
}

function timestamp(unit: TimeUnit, hasZone: boolean, driver: Driver): ToNativeValue {
  if (hasZone) {
    const toMicros = tickConverter(unit, 'us');
    return notNull<bigint>((v) => new driver.DuckDBTimestampTZValue(toMicros(v)));
  }
  switch (unit) {
    case 's':
      return notNull<bigint>((v) => new driver.DuckDBTimestampSecondsValue(v));
    case 'ms':
      return notNull<bigint>((v) => new driver.DuckDBTimestampMillisecondsValue(v));
    case 'us':
      return notNull<bigint>((v) => new driver.DuckDBTimestampValue(v));
    case 'ns':
      return notNull<bigint>((v) => new driver.DuckDBTimestampNanosecondsValue(v));
  }
}

/** `-12.5` with scale 2 as -1250n. */
function scaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`);
}

/** `V` is the JavaScript type of the column's values. */
function notNull<V extends Value>(write: (value: V) => DuckDBValue): ToNativeValue {
  return (value) => (value === null ? null : write(value as V));
}
