import type { PartitionKey, PartitionMapping } from '@vp/contracts';
import { formatPartition } from '@vp/contracts';
import { type DimensionValues, type Partition, type PartitionSet, zoneOf } from './partition-spec.ts';
import { addGrain } from './time-grain.ts';
import { toInstant, toWallClock } from './time-zone.ts';

/**
 * The partitions of an input that a partition needs. Dimensions meet by name, or when each side has
 * one of time; a dimension that only the input has is needed whole. Time meets by overlap, so a
 * month needs its days, and a day its month.
 */
export function mapPartition(request: {
  readonly key: PartitionKey | undefined;
  readonly of: PartitionSet | undefined;
  readonly input: PartitionSet;
  readonly mapping: PartitionMapping;
}): readonly Partition[] {
  const { key, of, input, mapping } = request;
  if (key === undefined || of === undefined || mapping.kind === 'all') return input.partitions;
  let keys: Readonly<Record<string, string>>[] = [{}];
  for (const wanted of input.dimensions) {
    const { name } = wanted.dimension;
    const values = neededValues({ wanted, key, of, input, mapping });
    keys = keys.flatMap((partial) => values.map((value) => ({ ...partial, [name]: value })));
  }
  return keys.flatMap((partition) => input.byText.get(formatPartition(partition)) ?? []);
}

/** Whether the input has the values of a partition's dimensions that are not time: only time can run out. */
export function sharesStatics(request: {
  readonly key: PartitionKey;
  readonly of: PartitionSet | undefined;
  readonly input: PartitionSet;
}): boolean {
  const { key, of, input } = request;
  return input.dimensions.every((wanted) => {
    const own = of === undefined ? undefined : counterpart(wanted, of, input);
    if (own === undefined) return wanted.values.length > 0;
    const isTime = own.dimension.kind === 'time' && wanted.dimension.kind === 'time';
    return isTime || wanted.byKey.has(key[own.dimension.name] ?? '');
  });
}

function neededValues(request: {
  readonly wanted: DimensionValues;
  readonly key: PartitionKey;
  readonly of: PartitionSet;
  readonly input: PartitionSet;
  readonly mapping: PartitionMapping;
}): readonly string[] {
  const { wanted, key, of, input, mapping } = request;
  const own = counterpart(wanted, of, input);
  if (own === undefined) return wanted.values.map((value) => value.key);
  const ownKey = key[own.dimension.name] ?? '';
  const window = own.byKey.get(ownKey);
  if (own.dimension.kind === 'static' || wanted.dimension.kind === 'static') {
    return wanted.byKey.has(ownKey) ? [ownKey] : [];
  }
  if (window?.start === undefined || window.end === undefined) return [];
  let { start, end } = window;
  if (mapping.kind === 'window') {
    const { grain } = own.dimension;
    const zone = zoneOf(own.dimension);
    const wall = toWallClock(start, zone);
    start = toInstant(addGrain(wall, grain, mapping.from), zone);
    end = toInstant(addGrain(wall, grain, mapping.to + 1), zone);
  }
  return overlapping(wanted, start, end);
}

function counterpart(
  wanted: DimensionValues,
  of: PartitionSet,
  input: PartitionSet,
): DimensionValues | undefined {
  const sameName = of.dimensions.find(({ dimension }) => dimension.name === wanted.dimension.name);
  if (sameName !== undefined || wanted.dimension.kind !== 'time') return sameName;
  const isTime = ({ dimension }: DimensionValues): boolean => dimension.kind === 'time';
  const mine = of.dimensions.filter(isTime);
  return mine.length === 1 && input.dimensions.filter(isTime).length === 1 ? mine[0] : undefined;
}

/** Keys of the windows that share an instant with `start` to `end`. Values are sorted by time. */
export function overlapping(of: DimensionValues, start: number, end: number): readonly string[] {
  const { values } = of;
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  const keys: string[] = [];
  for (let value = values[low]; value?.start !== undefined && value.start < end; value = values[low]) {
    keys.push(value.key);
    low += 1;
  }
  return keys;
}
