import type { TimeUnit } from '@vp/contracts';
import { errors } from './errors.ts';

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};
const digitsOf: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };
const millisPerDay = 86_400_000;

const fail = (call: string, value: unknown, why: string) =>
  errors.VP_AUTHORING_VALUE_INVALID({
    call,
    value: typeof value === 'string' ? JSON.stringify(value) : String(value),
    why,
  });

function floorDivide(value: bigint, by: bigint): readonly [quotient: bigint, rest: bigint] {
  const rest = ((value % by) + by) % by;
  return [(value - rest) / by, rest];
}

/** ISO text up to the second, of seconds since the epoch. */
function isoSeconds(call: string, seconds: bigint): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.valueOf())) throw fail(call, seconds, 'is too far from 1970 for a calendar date');
  return date.toISOString().slice(0, -5);
}

const isoPattern =
  /^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds at midnight UTC of a calendar day, or undefined when there is no such day. */
function midnight(year: string, month: string, day: string): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
    ? date.valueOf()
    : undefined;
}

/**
 * Values of `timestamp` columns (bigints of a unit since 1970, microseconds unless said otherwise)
 * from and to dates and ISO text. Nothing is rounded: what does not fit is an error.
 */
export const time = {
  /** `2001-03-05T14:00:00Z`; text without a zone is read as UTC. */
  fromISO(text: string, unit: TimeUnit = 'us'): bigint {
    const call = 'time.fromISO()';
    const [match, year = '', month = '', day = '', h = '0', m = '0', s = '0', fraction = '', zone = 'Z'] =
      isoPattern.exec(text) ?? [];
    const start = match === undefined ? undefined : midnight(year, month, day);
    if (start === undefined || Number(h) > 23 || Number(m) > 59 || Number(s) > 59) {
      throw fail(call, text, 'is no ISO 8601 timestamp');
    }
    const digits = digitsOf[unit];
    if (/[1-9]/.test(fraction.slice(digits))) throw fail(call, text, `has digits below 1 ${unit}`);
    const sign = zone.startsWith('-') ? -1 : 1;
    const offset = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
    const seconds = start / 1000 + Number(h) * 3600 + (Number(m) - offset) * 60 + Number(s);
    return BigInt(seconds) * perSecond[unit] + BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
  },
  /** All digits of the unit: `2001-03-05T14:00:00.000001Z`. */
  toISO(value: bigint, unit: TimeUnit = 'us'): string {
    const [seconds, rest] = floorDivide(value, perSecond[unit]);
    const fraction = digitsOf[unit] === 0 ? '' : `.${String(rest).padStart(digitsOf[unit], '0')}`;
    return `${isoSeconds('time.toISO()', seconds)}${fraction}Z`;
  },
  fromDate(date: Date, unit: TimeUnit = 'us'): bigint {
    const millis = date.valueOf();
    if (Number.isNaN(millis)) throw fail('time.fromDate()', 'Invalid Date', 'is no date');
    if (unit !== 's') return (BigInt(millis) * perSecond[unit]) / 1000n;
    if (millis % 1000 !== 0) throw fail('time.fromDate()', date.toISOString(), 'has digits below 1 s');
    return BigInt(millis / 1000);
  },
  /** A `Date` keeps milliseconds: finer digits are an error, use `toISO` for them. */
  toDate(value: bigint, unit: TimeUnit = 'us'): Date {
    const [millis, rest] = floorDivide(value * 1000n, perSecond[unit]);
    if (rest !== 0n)
      throw fail('time.toDate()', value, `${unit} has digits that a Date would lose; use time.toISO()`);
    const date = new Date(Number(millis));
    if (Number.isNaN(date.valueOf())) throw fail('time.toDate()', value, 'is too far from 1970 for a Date');
    return date;
  },
} as const;

/** Values of `date` columns (days since 1970-01-01) from and to ISO text and dates, in UTC. */
export const dates = {
  fromISO(text: string): number {
    const match = /^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})$/.exec(text);
    const start = match === null ? undefined : midnight(match[1] ?? '', match[2] ?? '', match[3] ?? '');
    if (start === undefined) throw fail('dates.fromISO()', text, 'is no calendar day such as 2026-01-31');
    return start / millisPerDay;
  },
  toISO(days: number): string {
    return dates.toDate(days).toISOString().slice(0, -14);
  },
  /** The UTC day of a moment; the time of day must be midnight. */
  fromDate(date: Date): number {
    const days = date.valueOf() / millisPerDay;
    if (!Number.isInteger(days)) throw fail('dates.fromDate()', String(date), 'is not midnight in UTC');
    return days;
  },
  toDate(days: number): Date {
    const date = new Date(days * millisPerDay);
    if (!Number.isInteger(days) || Number.isNaN(date.valueOf()))
      throw fail('dates.toDate()', days, 'is no day');
    return date;
  },
} as const;

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: millisPerDay,
};

/** Milliseconds of `90s`, `30m`, `2h`, or a number of them. */
export function parseDuration(call: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : null;
  const result = Number(match?.[1]) * (durationUnits[match?.[2] ?? ''] ?? Number.NaN);
  if (result > 0) return result;
  throw errors.VP_AUTHORING_OPTION_INVALID({
    call,
    option: 'the duration',
    expected: 'a text such as "90s", "30m", "2h", or milliseconds',
    got: typeof value === 'string' ? JSON.stringify(value) : String(value),
  });
}
