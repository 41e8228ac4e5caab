import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logicalType } from '../../test/arbitrary-type.ts';
import { t, toTableSchema } from './column.ts';
import { formatType, sameType } from './logical-type.ts';

test('two types have the same text only when they are the same', () => {
  fc.assert(
    fc.property(logicalType, logicalType, (a, b) => {
      expect(sameType(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 5_000 },
  );
  expect(sameType(t.enum("a', 'b").type, t.enum('a', 'b').type)).toBe(false);
  expect(
    sameType(t.struct({ 'a: int8, b': t.int8() }).type, t.struct({ a: t.int8(), b: t.int8() }).type),
  ).toBe(false);
});

test('types are written as people write them', () => {
  expect(formatType(t.map(t.text(), t.list(t.int32().nullable())).type)).toBe('map<utf8, list<int32?>>');
  expect(formatType(t.timestamp({ tz: 'UTC' }).type)).toBe('timestamp(us, UTC)');
  expect(formatType(t.struct({ a: t.decimal(12, 2), 'b c': t.uuid().nullable() }).type)).toBe(
    'struct<a: decimal(12,2), "b c": uuid?>',
  );
  expect(formatType(t.enum('open', "o'hara").type)).toBe("enum('open', 'o''hara')");
});

test('a schema is plain JSON, columns in the order of the keys, with their descriptions and labels', () => {
  const schema = toTableSchema({ b: t.int64().describe('the id').tag('pii'), a: t.text().nullable() }, ['b']);
  expect(JSON.parse(JSON.stringify(schema))).toEqual({
    fields: [
      { name: 'b', type: { kind: 'int64' }, nullable: false, description: 'the id', tags: ['pii'] },
      { name: 'a', type: { kind: 'utf8' }, nullable: true },
    ],
    key: ['b'],
  });
});
