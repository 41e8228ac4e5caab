import { expect, test } from 'vitest';
import { configKeys } from './config-keys.ts';

test('keys with type, default and whether they have to be there', () => {
  const keys = configKeys({
    type: 'object',
    required: ['host'],
    properties: {
      host: { type: 'string', description: 'Name or address' },
      port: { type: 'integer', default: 5432 },
      ssl: { enum: ['require', 'disable'] },
      path: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      pool: { type: 'object', properties: { size: { type: ['integer', 'null'] } } },
    },
  });
  expect(keys.map(({ key, type }) => `${key}: ${type}`)).toEqual([
    'host: string',
    'port: integer',
    'ssl: one of "require", "disable"',
    'path: string or list of string',
    'pool: object',
    'pool.size: integer or null',
  ]);
  expect(keys[0]).toMatchObject({ required: true, description: 'Name or address', default: undefined });
  expect(keys[1]).toMatchObject({ required: false, default: '5432' });
});

test('references inside of the schema are followed', () => {
  const schema = {
    properties: { a: { $ref: '#/$defs/secret', title: 'A' } },
    $defs: { secret: { type: 'string' } },
  };
  expect(configKeys(schema)).toMatchObject([{ key: 'a', type: 'string', description: 'A' }]);
});

test.each([
  [{ properties: { a: { $ref: '#' } } }],
  [{ properties: { a: { $ref: '#/properties/a' } } }],
  [{ properties: { a: { $ref: 'https://example.com/schema.json' } } }],
  [{ properties: 'no', required: 3 }],
  [{ properties: { a: null, b: { type: 5 }, c: { anyOf: 'x' } } }],
  [{ $ref: '#/__proto__/constructor' }],
])('a schema that is broken or turns in a circle gives a table all the same: %j', (schema) => {
  expect(configKeys(schema).length).toBeLessThan(10);
});

test('a schema without an end is cut', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => [`k${i}`, { type: 'string' }]),
  );
  expect(configKeys({ properties })).toHaveLength(200);
  expect(configKeys({ properties: { a: { properties: { a: { $ref: '#' } } } } }).length).toBeLessThan(20);
});

test('of a schema that refers to itself everywhere, no more is walked than is shown', () => {
  const many = (value: unknown) =>
    Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, value]));
  expect(configKeys({ properties: many({ $ref: '#' }) })).toHaveLength(200);
  const way = { anyOf: Array(300).fill({ $ref: '#/$defs/way' }), type: Array(300).fill('array') };
  expect(configKeys({ properties: many({ $ref: '#/$defs/way' }), $defs: { way } })).toHaveLength(200);
});
