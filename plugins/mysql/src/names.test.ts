import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTable, nameProblem, parseTable, quoteName, quoteText } from './names.ts';

test('names come back as they were, whatever they hold', () => {
  const name = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(name, name, (schema, table) => {
      expect(parseTable(`${quoteName(schema)}.${quoteName(table)}`, 'x')).toEqual({ schema, table });
      expect(parseTable(formatTable({ schema, table }), 'x')).toEqual({ schema, table });
    }),
  );
});

test.each([
  ['orders', { schema: 'shop', table: 'orders' }],
  ['Sales.Orders 2024', { schema: 'Sales', table: 'Orders 2024' }],
  ['`a.b`.`c``d`', { schema: 'a.b', table: 'c`d' }],
])('%s', (text, expected) => {
  expect(parseTable(text, 'shop')).toEqual(expected);
});

test('a text cannot end its own quotes', () => {
  expect(quoteText("a'b")).toBe("'a\\'b'");
  expect(quoteText("\\' or 1=1")).toBe("'\\\\\\' or 1=1'");
});

test.each([
  ['x'.repeat(65), 'longer'],
  ['note ', 'space'],
  ['a😀', 'U+FFFF'],
])('%s is no name', (name, reason) => {
  expect(nameProblem(name)).toContain(reason);
  expect(nameProblem('naïve `key` 中')).toBeUndefined();
});
