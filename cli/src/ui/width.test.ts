import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pad, truncate, width } from './width.ts';

test.each([
  ['plain', 5],
  ['', 0],
  ['日本', 4],
  ['e\u0301', 1],
  ['👩‍👩‍👧', 2],
  ['✔', 1],
  ['\u001b[31mred\u001b[39m', 3],
])('%j takes %i columns', (text, columns) => {
  expect(width(text)).toBe(columns);
});

test('a cut text fits, and a padded one fills', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, columns) => {
      expect(width(truncate(text, columns))).toBeLessThanOrEqual(columns);
      if (width(text) <= columns) {
        expect(truncate(text, columns)).toBe(text);
        expect(width(pad(text, columns))).toBe(columns);
      }
    }),
  );
});
