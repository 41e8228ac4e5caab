import type { Json, LogicalType, TimeUnit, Value } from '@vp/contracts';

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/**
 * A value as JSON that loses nothing: integers beyond 2^53 as text, times in ISO 8601, bytes in
 * base64, NaN and infinities as their names.
 */
export function toJson(value: Value, type: LogicalType): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    if (type.kind === 'timestamp') return isoTimestamp(value, type.unit, type.tz !== undefined);
    if (type.kind === 'time') return isoTime(value, type.unit);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number') {
    if (type.kind === 'date') return isoDate(value);
    return Number.isFinite(value) ? value : String(value);
  }
  if (type.kind === 'json' && typeof value === 'string') return jsonOr(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return nested(value, type);
}

function nested(value: object, type: LogicalType): Json {
  if (type.kind === 'list' && Array.isArray(value)) {
    return value.map((item: Value) => toJson(item, type.item.type));
  }
  if (type.kind === 'map' && Array.isArray(value)) {
    return value.map(([key, item]: [Value, Value]) => [toJson(key, type.key), toJson(item, type.value.type)]);
  }
  const fields: Readonly<Record<string, Value>> = Object.fromEntries(Object.entries(value));
  if (type.kind === 'struct') {
    return Object.fromEntries(
      type.fields.map((field) => [field.name, toJson(fields[field.name] ?? null, field.type)]),
    );
  }
  if (type.kind === 'interval') return isoInterval(fields);
  return String(value);
}

/** A value as text for people and CSV; NULL as `undefined`. */
export function toText(value: Value, type: LogicalType): string | undefined {
  const json = toJson(value, type);
  if (json === null) return undefined;
  return typeof json === 'object' ? JSON.stringify(json) : String(json);
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // Not valid JSON after all: the text itself is the value.
    return text;
  }
}

const dayMs = 86_400_000;

function isoDate(days: number): string {
  const date = new Date(days * dayMs);
  return Number.isNaN(date.getTime()) ? `${days} days` : (date.toISOString().split('T')[0] ?? '');
}

function isoTime(value: bigint, unit: TimeUnit): string {
  const per = perSecond[unit];
  const seconds = value / per;
  const two = (part: bigint) => String(part).padStart(2, '0');
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return clock + fraction(value % per, unit);
}

function isoTimestamp(value: bigint, unit: TimeUnit, zoned: boolean): string {
  const per = perSecond[unit];
  const rest = ((value % per) + per) % per;
  const date = new Date(Number((value - rest) / per) * 1000);
  if (Number.isNaN(date.getTime())) return `${value} ${unit}`;
  return date.toISOString().replace(/\.000Z$/, '') + fraction(rest, unit) + (zoned ? 'Z' : '');
}

function fraction(rest: bigint, unit: TimeUnit): string {
  if (rest === 0n) return '';
  const digits = String(perSecond[unit]).length - 1;
  return `.${String(rest).padStart(digits, '0').replace(/0+$/, '')}`;
}

/** ISO 8601: `P14M3DT1.5S`. */
function isoInterval(fields: Readonly<Record<string, Value>>): string {
  const months = Number(fields.months ?? 0);
  const days = Number(fields.days ?? 0);
  const nanos = BigInt(String(fields.nanos ?? 0));
  const seconds =
    nanos === 0n
      ? ''
      : `T${nanos / 1_000_000_000n}${fraction(nanos < 0n ? -nanos % 1_000_000_000n : nanos % 1_000_000_000n, 'ns')}S`;
  const text = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}${seconds}`;
  return text === '' ? 'PT0S' : `P${text}`;
}
