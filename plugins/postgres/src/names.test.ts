import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTable, quoteName, quoteText } from './names.ts';

test('names come back as they were, whatever they hold', () => {
  const name = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(name, name, (schema, table) => {
      expect(parseTable(`${quoteName(schema)}.${quoteName(table)}`)).toEqual({ schema, table });
    }),
  );
});

test.each([
  ['orders', { schema: 'public', table: 'orders' }],
  ['Sales.Orders 2024', { schema: 'Sales', table: 'Orders 2024' }],
  ['"a.b"."c""d"', { schema: 'a.b', table: 'c"d' }],
])('%s', (text, expected) => {
  expect(parseTable(text)).toEqual(expected);
});

test('a text cannot end its own quotes', () => {
  expect(quoteText("a'b")).toBe("'a''b'");
  expect(quoteText("\\' or 1=1")).toBe("E'\\\\'' or 1=1'");
});
