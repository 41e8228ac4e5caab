import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ScanOptions, scanCsv } from './scan-csv.ts';

const standard: ScanOptions = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  skip: 0,
  isWhole: true,
  isUtf8: true,
};
const scan = (text: string | Uint8Array, more: Partial<ScanOptions> = {}) =>
  scanCsv(typeof text === 'string' ? Buffer.from(text) : text, { ...standard, ...more });

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '€', '😀', ',', '"', '\n', '\r', ' ', '\\'),
  maxLength: 6,
});
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const lineOf = (row: readonly string[]) => `${row.map(quoted).join(',')}\n`;

test('what is written by the rules has no fault, whole or cut anywhere', () => {
  fc.assert(
    fc.property(table, fc.nat(), (rows, cut) => {
      const text = Buffer.from(rows.map(lineOf).join(''));
      expect(scan(text)).toBeUndefined();
      expect(scan(text.subarray(0, cut % (text.length + 1)), { isWhole: false })).toBeUndefined();
    }),
  );
});

test('a row with another number of fields is found, with its number and place', () => {
  fc.assert(
    fc.property(table, fc.nat(), fc.boolean(), (rows, at, isLonger) => {
      const width = rows[0]?.length ?? 0;
      const row = 1 + (at % rows.length);
      const lines = rows.map(lineOf);
      const before = lines.slice(0, row).join('');
      const ragged = lineOf(Array.from({ length: isLonger ? width + 1 : width - 1 }, () => 'x'));
      expect(scan(before + ragged + lines.slice(row).join(''))).toEqual({
        kind: 'ragged',
        row,
        byte: Buffer.byteLength(before),
        expected: width,
        found: isLonger ? width + 1 : width - 1,
      });
    }),
  );
});

test('the first byte that is no UTF-8 is found', () => {
  fc.assert(
    fc.property(table, fc.nat(), (rows, at) => {
      const text = Buffer.from(rows.map(lineOf).join(''));
      const starts = [...text.keys()].filter((i) => ((text[i] ?? 0) & 0xc0) !== 0x80 && text[i] !== 0x22);
      const byte = starts[at % starts.length] ?? 0;
      const broken = Buffer.concat([text.subarray(0, byte), Buffer.from([0xff]), text.subarray(byte)]);
      expect(scan(broken)).toMatchObject({ kind: 'encoding', byte });
    }),
  );
});

test('an open quote is named by where it begins; a cut text may end within one', () => {
  const text = 'a,b\n1,2\n3,"x\ny,z\n';
  expect(scan(text)).toEqual({ kind: 'quote', row: 2, byte: 10 });
  expect(scan(text, { isWhole: false })).toBeUndefined();
  expect(scan("a,b\n1,'x\n", { quote: '' })).toBeUndefined();
  expect(scan('a,b\n"x\\",y",2\n', { escape: '\\' })).toBeUndefined();
});

test('one delimiter at the end of a row is no further field, two are', () => {
  expect(scan('a,b\n1,2,\n3,4\n')).toBeUndefined();
  expect(scan('a,b\n1,2,,\n')).toMatchObject({ kind: 'ragged', found: 4 });
});
