import {
  formatPartition,
  type PartitionBounds,
  type PartitionDimension,
  type PartitionKey,
  type PartitionsSpec,
} from '@vp/contracts';
import { addGrain, floorToGrain, formatGrain } from './time-grain.ts';
import { isTimeZone, toInstant, toWallClock } from './time-zone.ts';

/** One value of a dimension; instants for those of time. */
export interface DimensionValue {
  readonly key: string;
  readonly start?: number;
  readonly end?: number;
}

/** All values of a dimension, in order. */
export interface DimensionValues {
  readonly dimension: PartitionDimension;
  readonly values: readonly DimensionValue[];
  readonly byKey: ReadonlyMap<string, DimensionValue>;
}

/** One partition with the values it is made of. */
export interface Partition {
  readonly key: PartitionKey;
  /** `formatPartition(key)`. */
  readonly text: string;
}

/** An asset's partitions: the dimensions' values and their product. */
export interface PartitionSet {
  readonly dimensions: readonly DimensionValues[];
  readonly partitions: readonly Partition[];
  readonly byText: ReadonlyMap<string, Partition>;
}

/** An instant of the future bounds nothing: dates a human can mean. */
const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text));

/** What is wrong with a partition definition, in words. */
export function partitionProblem(spec: PartitionsSpec): string | undefined {
  if (spec.dimensions.length === 0) return 'there is no dimension';
  const names = new Set<string>();
  for (const dimension of spec.dimensions) {
    if (names.has(dimension.name)) return `two dimensions are named "${dimension.name}"`;
    names.add(dimension.name);
    if (dimension.kind === 'static') {
      if (dimension.values.length === 0) return `dimension "${dimension.name}" has no values`;
      if (new Set(dimension.values).size < dimension.values.length) {
        return `dimension "${dimension.name}" has a value twice`;
      }
      continue;
    }
    for (const bound of [dimension.start, dimension.end]) {
      if (bound !== undefined && !isDate(bound)) return `"${bound}" is not an ISO 8601 date or timestamp`;
    }
    if (dimension.timezone !== undefined && !isTimeZone(dimension.timezone)) {
      return `"${dimension.timezone}" is not an IANA time zone`;
    }
    if (
      dimension.end !== undefined &&
      boundOf(dimension.end, dimension) <= boundOf(dimension.start, dimension)
    ) {
      return `its end ${dimension.end} does not come after its start ${dimension.start}`;
    }
  }
  return undefined;
}

type TimeDimension = Extract<PartitionDimension, { kind: 'time' }>;

export const zoneOf = (dimension: TimeDimension): string => dimension.timezone ?? 'UTC';

/** The instant of a bound; one without an offset means the dimension's zone. */
function boundOf(text: string, dimension: TimeDimension): number {
  if (/(?:Z|[+-]\d\d:?\d\d)$/.test(text) && text.includes('T')) return Date.parse(text);
  const wall = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
  return toInstant(wall, zoneOf(dimension));
}

/** The values of one dimension: windows that begin before its end, or before `now`. */
function valuesOf(dimension: PartitionDimension, now: number, limit: number): readonly DimensionValue[] {
  if (dimension.kind === 'static') return dimension.values.map((key) => ({ key }));
  const { grain } = dimension;
  const zone = zoneOf(dimension);
  const end = dimension.end === undefined ? now : boundOf(dimension.end, dimension);
  const values: DimensionValue[] = [];
  let wall = floorToGrain(toWallClock(boundOf(dimension.start, dimension), zone), grain);
  let start = toInstant(wall, zone);
  while (start < end && values.length <= limit) {
    const nextWall = addGrain(wall, grain, 1);
    const next = toInstant(nextWall, zone);
    // A window that a change of the clocks skips is empty.
    if (next > start) values.push({ key: formatGrain(wall, grain), start, end: next });
    wall = nextWall;
    start = next;
  }
  return values;
}

/**
 * All partitions, the first dimension changing slowest.
 * `undefined` when there would be more than `limit`.
 */
export function enumeratePartitions(
  spec: PartitionsSpec,
  now: number,
  limit: number,
): PartitionSet | undefined {
  const dimensions = spec.dimensions.map((dimension): DimensionValues => {
    const values = valuesOf(dimension, now, limit);
    return { dimension, values, byKey: new Map(values.map((value) => [value.key, value])) };
  });
  const count = dimensions.reduce((product, { values }) => product * values.length, 1);
  if (count > limit) return undefined;
  let keys: Readonly<Record<string, string>>[] = [{}];
  for (const { dimension, values } of dimensions) {
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [dimension.name]: value.key })));
  }
  const partitions = keys.map((key): Partition => ({ key, text: formatPartition(key) }));
  return { dimensions, partitions, byText: new Map(partitions.map((p) => [p.text, p])) };
}

/** The bounds that a partition's SQL may refer to, by dimension. */
export function partitionBounds(
  set: PartitionSet,
  key: PartitionKey,
): Readonly<Record<string, PartitionBounds>> {
  return Object.fromEntries(
    set.dimensions.map(({ dimension, byKey }): readonly [string, PartitionBounds] => {
      const value = key[dimension.name] ?? '';
      const { start, end } = byKey.get(value) ?? {};
      return [
        dimension.name,
        {
          key: value,
          ...(start === undefined ? {} : { start: new Date(start).toISOString() }),
          ...(end === undefined ? {} : { end: new Date(end).toISOString() }),
        },
      ];
    }),
  );
}
