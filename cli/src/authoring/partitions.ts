import type { PartitionDimension, PartitionsSpec, TimeGrain } from '@vp/contracts';
import { errors } from './errors.ts';
import { checkKeys, checkName, checkValue, isText } from './validate.ts';

/** How time partitions are cut. */
export interface TimePartitionOptions {
  /** First instant, ISO 8601 date or timestamp, included. */
  readonly start: string;
  /** Last instant, excluded; the present when left out. */
  readonly end?: string;
  /** IANA zone whose days and months are meant; UTC when left out. */
  readonly timezone?: string;
  /** Name of the dimension; `date` when left out. */
  readonly name?: string;
}

const isIso = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/.test(value) &&
  isRealDate(value);

/** Whether the day is in the calendar: `Date` moves February 30th to March. */
function isRealDate(value: string): boolean {
  const [year = '', month = '01', day = '01'] = value.slice(0, 10).split('-');
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function time(call: string, grain: TimeGrain, options: TimePartitionOptions): PartitionsSpec {
  checkKeys(call, options, ['start', 'end', 'timezone', 'name']);
  const { start, end, timezone, name = 'date' } = options;
  const expected = 'an ISO 8601 date or timestamp such as "2026-01-31"';
  if (start === undefined) {
    throw errors.VP_AUTHORING_OPTION_MISSING({
      call,
      option: 'start',
      why: 'time partitions begin somewhere',
      example: 'start: "2026-01-01"',
    });
  }
  checkValue({ call, option: 'start', value: start, expected, fits: isIso });
  checkValue({ call, option: 'end', value: end, expected, fits: isIso });
  checkValue({
    call,
    option: 'timezone',
    value: timezone,
    expected: 'an IANA time zone such as "Europe/Paris"',
    fits: isTimeZone,
  });
  checkName(call, name);
  if (end !== undefined && Date.parse(end) <= Date.parse(start)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: 'end',
      expected: `after start (${start})`,
      got: end,
    });
  }
  const dimension: PartitionDimension = {
    kind: 'time',
    name,
    grain,
    start,
    ...(end === undefined ? {} : { end }),
    ...(timezone === undefined ? {} : { timezone }),
  };
  return { dimensions: [dimension] };
}

/** A partition an hour. */
export const hourly = (options: TimePartitionOptions): PartitionsSpec => time('hourly()', 'hour', options);
/** A partition a day. */
export const daily = (options: TimePartitionOptions): PartitionsSpec => time('daily()', 'day', options);
/** A partition an ISO week, from Monday. */
export const weekly = (options: TimePartitionOptions): PartitionsSpec => time('weekly()', 'week', options);
/** A partition a month. */
export const monthly = (options: TimePartitionOptions): PartitionsSpec => time('monthly()', 'month', options);
/** A partition a year. */
export const yearly = (options: TimePartitionOptions): PartitionsSpec => time('yearly()', 'year', options);

/** A partition for each value. The dimension is called `partition` unless `name` says otherwise. */
export function staticPartitions(
  values: readonly string[],
  options: { readonly name?: string } = {},
): PartitionsSpec {
  const call = 'staticPartitions()';
  checkKeys(call, options, ['name']);
  const { name = 'partition' } = options;
  checkName(call, name);
  checkValue({
    call,
    option: 'its first argument',
    value: values ?? null,
    expected: 'an array of different texts, at least one',
    fits: (v) => Array.isArray(v) && v.length > 0 && v.every(isText) && new Set(v).size === v.length,
  });
  return { dimensions: [{ kind: 'static', name, values: [...values] }] };
}

/** Partitions of several dimensions: one for each combination. */
export function partitionProduct(...specs: readonly PartitionsSpec[]): PartitionsSpec {
  const dimensions = specs.flatMap((spec) => spec.dimensions);
  for (const [index, dimension] of dimensions.entries()) {
    if (dimensions.findIndex((other) => other.name === dimension.name) === index) continue;
    throw errors.VP_AUTHORING_DUPLICATE({
      what: 'partition dimensions',
      name: dimension.name,
      first: 'an earlier argument of partitionProduct()',
      second: 'a later one',
    });
  }
  return { dimensions };
}
