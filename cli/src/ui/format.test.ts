import { expect, test } from 'vitest';
import { ago, bytes, count, duration, plural, short } from './format.ts';

test.each([
  [duration(12.4), '12 ms'],
  [duration(2400), '2.4 s'],
  [duration(185_000), '3 min 05 s'],
  [duration(7_800_000), '2 h 10 min'],
  [count(3_000_000), '3,000,000'],
  [short(1_250_000), '1.3 M'],
  [short(12), '12'],
  [bytes(999), '999 B'],
  [bytes(1_200_000), '1.2 MB'],
  [bytes(1_500), '1.5 kB'],
  [plural(1, 'row'), '1 row'],
  [plural(2, 'publish', 'publishes'), '2 publishes'],
  [ago(0, 59_000), '59 s ago'],
  [ago(0, 3_600_000), '1 h ago'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
