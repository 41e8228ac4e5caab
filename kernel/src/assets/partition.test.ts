import type { PartitionDimension, PartitionMapping, PartitionsSpec } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapPartition } from './partition-mapping.ts';
import { createPartitionSelector } from './partition-selection.ts';
import {
  enumeratePartitions,
  type PartitionSet,
  partitionBounds,
  partitionProblem,
} from './partition-spec.ts';
import { addGrain, floorToGrain, formatGrain, parseGrain } from './time-grain.ts';
import { toInstant, toWallClock } from './time-zone.ts';

type Time = Extract<PartitionDimension, { kind: 'time' }>;
const now = Date.parse('2001-06-15T12:00:00Z');
const time = (grain: Time['grain'], start: string, more: Partial<Time> = {}): Time => ({
  kind: 'time',
  name: 'date',
  grain,
  start,
  ...more,
});
const region: PartitionDimension = { kind: 'static', name: 'region', values: ['eu', 'us'] };
const setOf = (...dimensions: PartitionDimension[]): PartitionSet => {
  const set = enumeratePartitions({ dimensions }, now, 10_000);
  if (set === undefined) throw new Error('too many');
  return set;
};
const texts = (set: { readonly text: string }[] | readonly { readonly text: string }[]): string =>
  set.map((p) => p.text).join(' ');

describe('enumeration', () => {
  test.each<[Time, string]>([
    [time('month', '2001-03-10', { end: '2001-06-01' }), 'date=2001-03 date=2001-04 date=2001-05'],
    [time('month', '2001-05'.concat('-01')), 'date=2001-05 date=2001-06'],
    [time('year', '2000-01-01'), 'date=2000 date=2001'],
    [time('week', '2000-12-30', { end: '2001-01-09' }), 'date=2000-W52 date=2001-W01 date=2001-W02'],
    [time('day', '2000-02-28', { end: '2000-03-02' }), 'date=2000-02-28 date=2000-02-29 date=2000-03-01'],
    [
      time('hour', '2001-01-01T22:30:00Z', { end: '2001-01-02T00:00:00Z' }),
      'date=2001-01-01T22 date=2001-01-01T23',
    ],
  ])('%j', (dimension, expected) => {
    expect(texts(setOf(dimension).partitions)).toBe(expected);
  });

  test('several dimensions multiply', () => {
    const set = setOf(time('month', '2001-05-01'), region);
    expect(texts(set.partitions)).toBe(
      'date=2001-05,region=eu date=2001-05,region=us date=2001-06,region=eu date=2001-06,region=us',
    );
  });

  test('days of a zone begin at its midnights, also where clocks change', () => {
    const set = setOf(time('day', '2001-03-24', { end: '2001-03-27', timezone: 'Europe/Zurich' }));
    const bounds = set.partitions.map((p) => partitionBounds(set, p.key).date);
    expect(bounds).toEqual([
      { key: '2001-03-24', start: '2001-03-23T23:00:00.000Z', end: '2001-03-24T23:00:00.000Z' },
      { key: '2001-03-25', start: '2001-03-24T23:00:00.000Z', end: '2001-03-25T22:00:00.000Z' },
      { key: '2001-03-26', start: '2001-03-25T22:00:00.000Z', end: '2001-03-26T22:00:00.000Z' },
    ]);
  });

  test('an hour that clocks skip is none, and one that comes twice is one of two hours', () => {
    const hours = (day: string) =>
      setOf(
        time('hour', `${day}T00:00`.concat(':00'), { end: `${day}T05:00:00`, timezone: 'Europe/Zurich' }),
      );
    expect(hours('2001-03-25').partitions.map((p) => p.key.date?.slice(11))).toEqual([
      '00',
      '01',
      '03',
      '04',
    ]);
    const autumn = hours('2000-10-29');
    const twice = partitionBounds(autumn, { date: '2000-10-29T02' }).date;
    expect(Date.parse(twice?.end ?? '') - Date.parse(twice?.start ?? '')).toBe(7_200_000);
  });

  test('a midnight that does not exist begins when the clocks jump over it', () => {
    expect(new Date(toInstant(Date.parse('2018-11-04T00:00:00Z'), 'America/Sao_Paulo')).toISOString()).toBe(
      '2018-11-04T03:00:00.000Z',
    );
  });

  test('windows of any zone and grain touch, and keys are read back', () => {
    const zones = [
      'UTC',
      'Europe/Zurich',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'America/Havana',
      'Pacific/Apia',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const, 'year' as const),
        fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2030-01-01') }),
        (timezone, grain, from) => {
          let wall = floorToGrain(toWallClock(from, timezone), grain);
          expect(toInstant(wall, timezone)).toBeLessThanOrEqual(from);
          for (let i = 0; i < 30; i += 1) {
            const next = addGrain(wall, grain, 1);
            expect(floorToGrain(next - 1, grain)).toBe(wall);
            expect(parseGrain(formatGrain(wall, grain))).toEqual({ start: wall, grain });
            expect(toInstant(next, timezone)).toBeGreaterThanOrEqual(toInstant(wall, timezone));
            const start = toInstant(wall, timezone);
            expect(toWallClock(start, timezone)).toBeGreaterThanOrEqual(wall);
            expect(toWallClock(start - 1, timezone)).toBeLessThan(wall);
            wall = next;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each<[PartitionsSpec['dimensions'], RegExp]>([
    [[], /no dimension/],
    [[region, region], /two dimensions/],
    [[{ ...region, values: [] }], /no values/],
    [[{ ...region, values: ['a', 'a'] }], /twice/],
    [[time('day', 'yesterday')], /"yesterday"/],
    [[time('day', '2001-01-01', { end: '2001-01-01' })], /does not come after/],
    [[time('day', '2001-01-01', { timezone: 'Mars/Olympus' })], /Mars/],
  ])('%j is refused', (dimensions, problem) => {
    expect(partitionProblem({ dimensions })).toMatch(problem);
  });
});

describe('--partition', () => {
  const months = setOf(time('month', '2001-01-01'), region);
  const days = setOf(time('day', '2001-03-01'));
  const select = (set: PartitionSet, ...selection: string[]) =>
    createPartitionSelector(selection, [months, days])(set);
  test.each([
    ['2001-03', 'date=2001-03,region=eu date=2001-03,region=us', 31],
    ['2001-03,region=eu', 'date=2001-03,region=eu', 31],
    ['date=2001-05..2001-06,eu', 'date=2001-05,region=eu date=2001-06,region=eu', 46],
    ['latest', 'date=2001-06,region=eu date=2001-06,region=us', 1],
    ['2001-03-05', 'date=2001-03,region=eu date=2001-03,region=us', 1],
  ])('%s', (selection, ofMonths, ofDays) => {
    expect(texts(select(months, selection))).toBe(ofMonths);
    expect(select(days, selection)).toHaveLength(ofDays);
  });

  test('several add up, a coarser time means all within it, and others stay whole', () => {
    expect(select(days, '2001-03-05', '2001-03-06')).toHaveLength(2);
    expect(select(days, '2001')).toHaveLength(days.partitions.length);
    expect(select(days, 'eu')).toHaveLength(days.partitions.length);
  });

  test.each(['2001-13', '1999', 'date=never', 'eux', 'regoin=eu'])('%s means nothing', (selection) => {
    expect(() => select(months, selection)).toThrow(
      expect.objectContaining({ code: 'VP_PARTITION_UNKNOWN' }),
    );
  });
});

describe('mapping', () => {
  const months = setOf(time('month', '2001-01-01'));
  const days = setOf(time('day', '2001-01-01', { name: 'day' }));
  const both = setOf(time('month', '2001-01-01'), region);
  const map = (
    of: PartitionSet | undefined,
    key: string | undefined,
    input: PartitionSet,
    mapping: PartitionMapping = { kind: 'same' },
  ) =>
    mapPartition({
      of,
      input,
      mapping,
      key: key === undefined ? undefined : (of?.byText.get(key)?.key ?? {}),
    });

  test('the same key, the days of a month, the month of a day', () => {
    expect(texts(map(months, 'date=2001-03', months))).toBe('date=2001-03');
    expect(map(months, 'date=2001-02', days)).toHaveLength(28);
    expect(texts(map(days, 'day=2001-02-03', months))).toBe('date=2001-02');
    expect(texts(map(months, 'date=2001-03', both))).toBe('date=2001-03,region=eu date=2001-03,region=us');
    expect(texts(map(both, 'date=2001-03,region=eu', months))).toBe('date=2001-03');
  });
  test('all, windows, and what lies outside', () => {
    expect(map(undefined, undefined, months)).toHaveLength(6);
    expect(map(months, 'date=2001-03', months, { kind: 'all' })).toHaveLength(6);
    expect(texts(map(months, 'date=2001-03', months, { kind: 'window', from: -2, to: 0 }))).toBe(
      'date=2001-01 date=2001-02 date=2001-03',
    );
    expect(texts(map(months, 'date=2001-01', months, { kind: 'window', from: -2, to: 0 }))).toBe(
      'date=2001-01',
    );
    expect(map(months, 'date=2001-01', setOf(time('month', '2001-02-01')))).toEqual([]);
  });
});
