import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPartition, parsePartition } from './partition.ts';

const key = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

test('a key survives its text, whatever stands in it', () => {
  fc.assert(
    fc.property(key, (partition) => {
      expect(Object.entries(parsePartition(formatPartition(partition))).sort()).toEqual(
        Object.entries(partition).sort(),
      );
    }),
  );
});

test('the text does not depend on the order of the dimensions, and is safe in a file name', () => {
  fc.assert(
    fc.property(key, (partition) => {
      const turned = Object.fromEntries(Object.entries(partition).reverse());
      expect(formatPartition(turned)).toBe(formatPartition(partition));
      expect(formatPartition(partition)).toMatch(/^[^/\\:?"<>|\s]*$/);
    }),
  );
});

test.each(['date', '=2001', 'date=%zz', 'date=1,,region=eu'])('%s names no partition', (text) => {
  expect(() => parsePartition(text)).toThrow(expect.objectContaining({ code: 'VP_PARTITION_MALFORMED' }));
});
