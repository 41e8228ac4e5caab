import type { LogicalType, TimeUnit, Value } from '@vp/contracts';

const unitsPerSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/**
 * The value of a logical type from its text in a CSV or JSON file: ISO 8601 for dates and times,
 * plain digits for numbers, hexadecimal after `\x` for bytes. Throws for a type that has no text
 * form that everybody agrees on; a subject brings a decoder of its own for those.
 */
export function parseText(type: LogicalType, text: string): Value {
  switch (type.kind) {
    case 'bool':
      return parseBool(text);
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
      return parseNumber(text);
    case 'int64':
    case 'uint64':
      return BigInt(text);
    case 'date':
      return Number(epochSeconds(`${text}T00:00:00`) / 86_400n);
    case 'time':
      return clockTime(text, type.unit);
    case 'timestamp':
      return timestamp(text, type.unit);
    case 'uuid':
      return text.toLowerCase();
    case 'decimal':
    case 'utf8':
    case 'enum':
    case 'json':
      return text;
    case 'binary':
      return new Uint8Array(Buffer.from(text.replace(/^\\x/, ''), 'hex'));
    default:
      throw new Error(`${type.kind} has no standard text form: give the subject a decoder for this format`);
  }
}

function parseBool(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 't' || lower === '1') return true;
  if (lower === 'false' || lower === 'f' || lower === '0') return false;
  throw new Error(`${JSON.stringify(text)} is no boolean`);
}

function parseNumber(text: string): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Error(`${JSON.stringify(text)} is no number`);
  return value;
}

function clockTime(text: string, unit: TimeUnit): bigint {
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) throw new Error(`${JSON.stringify(text)} is no time of day`);
  const seconds = BigInt(match[1] ?? 0) * 3600n + BigInt(match[2] ?? 0) * 60n + BigInt(match[3] ?? 0);
  return scale(seconds, match[4], unit);
}

function timestamp(text: string, unit: TimeUnit): bigint {
  const match =
    /^([+-]?\d{4,6}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text,
    );
  if (match === null) throw new Error(`${JSON.stringify(text)} is no timestamp`);
  return scale(epochSeconds(`${match[1]}T${match[2]}`) - offsetSeconds(match[4]), match[3], unit);
}

function epochSeconds(text: string): bigint {
  const ms = Date.parse(`${text}Z`);
  if (Number.isNaN(ms)) throw new Error(`${JSON.stringify(text)} is no date`);
  return BigInt(ms) / 1000n;
}

function offsetSeconds(zone = 'Z'): bigint {
  if (zone === 'Z') return 0n;
  const minutes = BigInt(zone.slice(1, 3)) * 60n + BigInt(zone.slice(3).replace(':', '') || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60n;
}

function scale(seconds: bigint, fraction: string | undefined, unit: TimeUnit): bigint {
  const nanos = BigInt((fraction ?? '').padEnd(9, '0'));
  return seconds * unitsPerSecond[unit] + nanos / (1_000_000_000n / unitsPerSecond[unit]);
}
