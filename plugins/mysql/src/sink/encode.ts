import {
  type ColumnFit,
  type Field,
  formatType,
  type IntervalValue,
  type LogicalType,
  type TimeUnit,
  type Value,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { dateText, padded } from '../types/calendar.ts';
import { columnType } from '../types/native-type.ts';

/** How the values of a column are written. */
export interface ColumnWriter {
  readonly name: string;
  /** The text of a value, not escaped. */
  readonly encode: (value: Value) => string;
  /** What the server makes of that text: it is what it is, bytes in hexadecimal, or a number of bits. */
  readonly as: 'plain' | 'hex' | 'bits';
  /** Whether the text may hold what LOAD DATA takes for its own. */
  readonly escapes: boolean;
}

export function columnWriter(field: Field, fit: ColumnFit): ColumnWriter {
  const { name, type } = field;
  const via = columnType(fit.native)?.via;
  const as = via === 'bytes' ? 'hex' : via === 'bit' || via === 'bit1' ? 'bits' : 'plain';
  const text = /^year/.test(fit.native)
    ? (value: Value) => padded(Number(value), 4)
    : encoder(field, type, fit);
  const isBytes = type.kind === 'binary';
  // A text that goes into a column of bytes is its bytes.
  const encode = as === 'hex' && !isBytes ? (value: Value) => Buffer.from(text(value)).toString('hex') : text;
  const escapes = as === 'plain' && ['utf8', 'json', 'enum', 'list', 'struct', 'map'].includes(type.kind);
  return { name, encode, as, escapes };
}

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};
const digitsOf: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 6 };

function encoder(field: Field, type: LogicalType, fit: ColumnFit): (value: Value) => string {
  const refuse = (value: string) =>
    errors.VP_MYSQL_VALUE_REFUSED({ column: field.name, type: formatType(field.type), value });
  const dayText = (days: number, shown: () => string): string => {
    const text = dateText(days);
    if (text === undefined) throw refuse(shown());
    return text;
  };
  switch (type.kind) {
    case 'bool': {
      const isWord = fit.type.kind === 'utf8' || fit.type.kind === 'json';
      return (value) => (isWord ? String(value) : value === true ? '1' : '0');
    }
    case 'float32':
    case 'float64':
      return (value) => {
        if (!Number.isFinite(value)) throw refuse(String(value));
        return Object.is(value, -0) ? '-0' : String(value);
      };
    case 'binary':
      return (value) => Buffer.from(value as Uint8Array).toString('hex');
    case 'date':
      return (value) => dayText(value as number, () => `a date outside the years 0 to 9999 (day ${value})`);
    case 'time':
      return (value) => clockText(value as bigint, type.unit);
    case 'timestamp': {
      const day = 86_400n * perSecond[type.unit];
      // Rows that follow each other are mostly of one day.
      let last = { days: Number.NaN, text: '' };
      return (value) => {
        const units = value as bigint;
        const days = Number(units / day) - (units < 0n && units % day !== 0n ? 1 : 0);
        if (days !== last.days) {
          const shown = () => `a time outside the years 0 to 9999 (${units} ${type.unit})`;
          last = { days, text: `${dayText(days, shown)} ` };
        }
        return last.text + clockText(units - BigInt(days) * day, type.unit);
      };
    }
    case 'interval':
      return (value) => isoInterval(value as IntervalValue);
    case 'list':
    case 'struct':
    case 'map': {
      return (value) => wellFormed(jsonText(type, value), refuse);
    }
    case 'utf8':
    case 'json':
    case 'enum':
      return (value) => wellFormed(value as string, refuse);
    default:
      return (value) => String(value);
  }
}

function wellFormed(text: string, refuse: (value: string) => Error): string {
  if (!text.isWellFormed()) throw refuse('a text with half a surrogate pair');
  return text;
}

/** Digits below a microsecond were allowed to go by name; they are cut towards the past. */
function clockText(units: bigint, unit: TimeUnit): string {
  const small = Number(units);
  const size = sizes[unit];
  const seconds = Math.floor(small / size);
  const rest = small - seconds * size;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const digits = digitsOf[unit];
  return digits === 0 ? clock : `${clock}.${padded(unit === 'ns' ? Math.floor(rest / 1000) : rest, digits)}`;
}

const sizes: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);

function isoInterval({ months, days, nanos }: IntervalValue): string {
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = size % 1_000_000_000n;
  const tail = fraction === 0n ? '' : `.${padded(fraction, 9).replace(/0+$/, '')}`;
  return `P${months}M${days}DT${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${tail}S`;
}

/** Types other than text, number and bool are written as text. Numbers keep all their digits. */
function jsonText(type: LogicalType, value: Value): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'list':
      return `[${(value as readonly Value[]).map((item) => jsonText(type.item.type, item)).join(',')}]`;
    case 'map':
      return `{${(value as readonly (readonly Value[])[]).map(([key = null, item = null]) => `${JSON.stringify(plainText(type.key, key))}:${jsonText(type.value.type, item)}`).join(',')}}`;
    case 'struct': {
      const members: ReadonlyMap<string, Value> = new Map(Object.entries(value));
      return `{${type.fields.map((each) => `${JSON.stringify(each.name)}:${jsonText(each.type, members.get(each.name) ?? null)}`).join(',')}}`;
    }
    case 'json':
    case 'bool':
    case 'decimal':
      return String(value);
    case 'float32':
    case 'float64':
      return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
    default:
      return /int/.test(type.kind) && type.kind !== 'interval'
        ? String(value)
        : JSON.stringify(plainText(type, value));
  }
}

function plainText(type: LogicalType, value: Value): string {
  const field: Field = { name: '', type, nullable: true };
  return encoder(field, type, { column: '', name: '', type: { kind: 'utf8' }, native: 'longtext' })(value);
}
