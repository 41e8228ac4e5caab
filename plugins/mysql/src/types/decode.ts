import { formatType, type LogicalType, type TimeUnit, type Value } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { daysInMonth, daysOf } from './calendar.ts';
import type { ColumnType } from './native-type.ts';

/** Reads one value out of its text, `start` to `end`. */
export type Decoder = (bytes: Buffer, start: number, end: number) => Value;

/** What reads a column's values from the text protocol. */
export function decoderOf(column: string, { type, via }: ColumnType): Decoder {
  const refuse = (value: string, kind = formatType(type)) =>
    errors.VP_MYSQL_VALUE({ column, type: kind, value });
  switch (via) {
    case 'int':
      return intOf;
    case 'bigint':
      return (bytes, start, end) =>
        end - start < 16 ? BigInt(intOf(bytes, start, end)) : BigInt(bytes.toString('latin1', start, end));
    case 'bool':
      return (bytes, start, end) => {
        const value = intOf(bytes, start, end);
        if (value !== 0 && value !== 1) throw refuse(`${value}`);
        return value === 1;
      };
    case 'bit1':
      return (bytes, start) => bytes[start] === 1;
    case 'bit':
      return (bytes, start, end) => bitsOf(bytes, start, end);
    case 'float':
      return (bytes, start, end) => Math.fround(Number(bytes.toString('latin1', start, end)));
    case 'double':
      return (bytes, start, end) => Number(bytes.toString('latin1', start, end));
    case 'decimal':
      return decimalOf;
    case 'text':
      return type.kind === 'uuid'
        ? (bytes, start, end) => bytes.toString('latin1', start, end).toLowerCase()
        : textOf;
    case 'enum': {
      const known = new Set(type.kind === 'enum' ? type.values : []);
      return (bytes, start, end) => {
        const value = textOf(bytes, start, end);
        // What a session without strict mode stored for a value that is none.
        if (!known.has(value)) throw refuse(JSON.stringify(value), 'value of the enum');
        return value;
      };
    }
    case 'bytes':
      return (bytes, start, end) => Uint8Array.from(bytes.subarray(start, end));
    case 'date':
      return (bytes, start, end) => {
        const days = dayAt(bytes, start);
        if (days === undefined) throw refuse(bytes.toString('latin1', start, end), 'date');
        return days;
      };
    case 'datetime': {
      const unit = unitOf(type);
      return (bytes, start, end) => {
        const days = dayAt(bytes, start);
        if (days === undefined) throw refuse(bytes.toString('latin1', start, end));
        const clock = clockAt(bytes, start + 11, end, unit);
        const units = days * perDay[unit] + clock;
        return Number.isSafeInteger(units)
          ? BigInt(units)
          : BigInt(days) * BigInt(perDay[unit]) + BigInt(clock);
      };
    }
    case 'time': {
      const unit = unitOf(type);
      return (bytes, start, end) => {
        const value = bytes[start] === minus ? -1 : clockAt(bytes, start, end, unit);
        if (value < 0 || value > perDay[unit]) throw refuse(bytes.toString('latin1', start, end));
        return BigInt(value);
      };
    }
    case 'interval':
      return (bytes, start, end) => {
        const isNegative = bytes[start] === minus;
        const micros = BigInt(clockAt(bytes, isNegative ? start + 1 : start, end, 'us'));
        return { months: 0, days: 0, nanos: (isNegative ? -micros : micros) * 1000n };
      };
  }
}

const minus = 0x2d;
const zero = 0x30;
const dot = 0x2e;
const colon = 0x3a;

const perSecond: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const perDay: Readonly<Record<TimeUnit, number>> = { s: 86_400, ms: 86_400e3, us: 86_400e6, ns: 86_400e9 };
const fractionDigits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

const unitOf = (type: LogicalType): TimeUnit =>
  type.kind === 'time' || type.kind === 'timestamp' ? type.unit : 'us';

const textOf = (bytes: Buffer, start: number, end: number): string => bytes.toString('utf8', start, end);

function intOf(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at++)
    value = value * 10 + (bytes[at] as number) - zero;
  return isNegative && value !== 0 ? -value : value;
}

function bitsOf(bytes: Buffer, start: number, end: number): bigint {
  let value = 0n;
  for (let at = start; at < end; at++) value = (value << 8n) | BigInt(bytes[at] as number);
  return value;
}

/** Zeros before the first digit, which ZEROFILL writes, are no part of the value. */
function decimalOf(bytes: Buffer, start: number, end: number): string {
  let from = start;
  while (bytes[from] === zero && from + 1 < end && bytes[from + 1] !== dot) from += 1;
  return bytes.toString('latin1', from, end);
}

/** `2024-05-01` as days since 1970; `undefined` for what is on no calendar: 0000-00-00, 2024-02-31. */
function dayAt(bytes: Buffer, start: number): number | undefined {
  const year = intOf(bytes, start, start + 4);
  const month = intOf(bytes, start + 5, start + 7);
  const day = intOf(bytes, start + 8, start + 10);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysOf(year, month, day);
}

/** `hours:minutes:seconds.fraction` in units; hours have two digits or more. */
function clockAt(bytes: Buffer, start: number, end: number, unit: TimeUnit): number {
  if (start >= end) return 0;
  let at = start;
  while (at < end && bytes[at] !== colon) at += 1;
  const hours = intOf(bytes, start, at);
  const seconds = hours * 3600 + intOf(bytes, at + 1, at + 3) * 60 + intOf(bytes, at + 4, at + 6);
  const point = at + 6;
  let fraction = 0;
  for (let digit = 0; digit < fractionDigits[unit]; digit++) {
    const place = point + 1 + digit;
    fraction = fraction * 10 + (place < end ? (bytes[place] as number) - zero : 0);
  }
  return seconds * perSecond[unit] + fraction;
}
