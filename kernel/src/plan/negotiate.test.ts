import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, fingerprint } from './fingerprint.ts';
import { describePath, negotiate } from './negotiate.ts';

const choose = (offers: readonly string[], accepts: readonly string[], force?: string) =>
  negotiate({ from: 'shop', offers, to: 'duckdb', accepts, force });

test.each([
  [['rows', 'csv', 'parquet'], ['rows', 'csv', 'parquet'], 'parquet'],
  [['rows', 'csv'], ['csv', 'rows'], 'csv'],
  [['csv', 'postgres-copy', 'rows'], ['rows', 'postgres-copy', 'csv'], 'postgres-copy'],
  [['json', 'ndjson'], ['ndjson', 'json'], 'json'],
  [['relation', 'parquet'], ['parquet'], 'parquet'],
  [['rows'], ['arrow', 'rows'], 'rows'],
])('%j to %j goes by %s', (offers, accepts, format) => {
  expect(choose(offers, accepts)).toBe(format);
});

test('a format can be forced where both sides have it, and nowhere else', () => {
  expect(choose(['parquet', 'rows'], ['parquet', 'rows'], 'rows')).toBe('rows');
  expect(() => choose(['parquet', 'rows'], ['parquet', 'rows'], 'csv')).toThrow(
    expect.objectContaining({ code: 'VP_PLAN_FORMAT_FORCED', hint: 'Possible: parquet, rows.' }),
  );
  expect(() => choose(['csv'], ['arrow'])).toThrow(expect.objectContaining({ code: 'VP_PLAN_FORMAT_NONE' }));
});

test('a path says whether rows pass through JavaScript', () => {
  expect(describePath('files', 'csv', 'duckdb')).toBe('files csv -> duckdb (native)');
  expect(describePath('shop', 'rows', 'duckdb')).toBe('shop rows -> duckdb (through JavaScript)');
});

test('a fingerprint does not depend on the order of keys, and does on every value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), (inputs, definition) => {
      const reversed = Object.fromEntries(Object.entries(inputs).reverse());
      const mark = fingerprint({ definition, inputs });
      expect(fingerprint({ definition, inputs: reversed })).toBe(mark);
      expect(fingerprint({ definition: `${definition}x`, inputs })).not.toBe(mark);
      expect(fingerprint({ definition, inputs, sourceVersion: '1' })).not.toBe(mark);
      expect(fingerprint({ definition, inputs: { ...inputs, '\u0000new': '1' } })).not.toBe(mark);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});
