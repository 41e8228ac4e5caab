import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type Measurement, table, within } from './lib/bench.ts';

const row = (over: Partial<Measurement>): Measurement => ({
  what: 'start',
  against: 'node -e 0',
  measured: 50,
  limit: 25,
  unit: 'ms',
  target: 2.5,
  ...over,
});

test('a target is the most that measured / limit may be', () => {
  expect(within(row({}))).toBe(true);
  expect(within(row({ measured: 63 }))).toBe(false);
});

test('without a limit the target is absolute', () => {
  expect(within(row({ limit: 0, measured: 600, target: 600 }))).toBe(true);
  expect(within(row({ limit: 0, measured: 601, target: 600 }))).toBe(false);
});

test('the table says what was measured against what', () => {
  const lines = stripVTControlCharacters(table([row({ note: 'cold' }), row({ measured: 100 })])).split('\n');
  expect(lines.map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
    ['what', 'measured', 'limit', 'ratio', 'target', 'ok'],
    ['start (cold)', '50.0 ms', '25.0 ms (node -e 0)', '2.00 x', '2.50 x', 'ok'],
    ['start', '100 ms', '25.0 ms (node -e 0)', '4.00 x', '2.50 x', 'MISSED'],
  ]);
});
