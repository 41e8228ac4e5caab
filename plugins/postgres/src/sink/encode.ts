import {
  type Field,
  formatType,
  type IntervalValue,
  type LogicalType,
  type TimeUnit,
  type Value,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** Writes a value as the text that the server's input function reads. */
export type Encoder = (value: Value) => string;

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/** What writes the values of a column. Texts are not escaped yet: see {@link copyField}. */
export function encoderOf(field: Field): Encoder {
  return encoder(field.type, field.name);
}

function encoder(type: LogicalType, column: string): Encoder {
  const refuse = (value: string) =>
    errors.VP_POSTGRES_VALUE_REFUSED({ column, type: formatType(type), value });
  switch (type.kind) {
    case 'bool':
      return (value) => (value === true ? 't' : 'f');
    case 'float32':
    case 'float64':
      return (value) => (Object.is(value, -0) ? '-0' : String(value));
    case 'binary':
      return (value) => `\\x${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'date':
      return (value) => dateText(BigInt(value as number));
    case 'time':
      return (value) => clockText(toMicros(value as bigint, type.unit));
    case 'timestamp':
      return (value) => timestampText(toMicros(value as bigint, type.unit), type.tz !== undefined);
    case 'interval':
      return (value) => {
        const { months, days, nanos } = value as IntervalValue;
        if (nanos % 1_000n !== 0n) throw refuse(`an interval of ${nanos} nanoseconds`);
        const micros = nanos / 1_000n;
        return `${months} mons ${days} days ${micros} microseconds`;
      };
    case 'list': {
      const item = encoder(type.item.type, column);
      const isNested = type.item.type.kind === 'list';
      return (value) => listText(value as readonly Value[], item, isNested);
    }
    case 'utf8':
    case 'json':
    case 'enum':
      return (value) => {
        const text = value as string;
        if (text.includes('\0')) throw refuse('a text with a NUL byte');
        if (!text.isWellFormed()) throw refuse('a text with half a surrogate pair');
        return text;
      };
    default:
      return (value) => String(value);
  }
}

/** A field of `COPY … FROM STDIN` in text format. */
export function copyField(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, escaped) : text;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (character: string): string => escapes[character] ?? character;

function listText(items: readonly Value[], item: Encoder, isNested: boolean): string {
  const parts = items.map((each) => {
    if (each === null) return 'NULL';
    const text = item(each);
    return isNested ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}

function toMicros(value: bigint, unit: TimeUnit): bigint {
  if (unit !== 'ns') return value * (1_000_000n / perSecond[unit]);
  // The loss is allowed by name before it comes to this; towards the past, as the server cuts.
  return floorDiv(value, 1_000n);
}

const day = 86_400_000_000n;

function timestampText(micros: bigint, isInstant: boolean): string {
  const days = floorDiv(micros, day);
  const date = dateText(days);
  const zone = isInstant ? '+00' : '';
  const clock = clockText(micros - days * day);
  // The era stands at the very end.
  return date.endsWith(' BC') ? `${date.slice(0, -3)} ${clock}${zone} BC` : `${date} ${clock}${zone}`;
}

function clockText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = micros % 1_000_000n;
  const parts = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return fraction === 0n ? clock : `${clock}.${String(fraction).padStart(6, '0')}`;
}

/** Days since 1970-01-01 in the Gregorian calendar, before its beginning too. Source: days_from_civil of H. Hinnant. */
function dateText(days: bigint): string {
  const shifted = Number(days) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const date = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (number: number) => String(number).padStart(2, '0');
  // There is no year 0: the one before 1 AD is 1 BC.
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${two(month)}-${two(date)}`;
  return year > 0 ? text : `${text} BC`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
