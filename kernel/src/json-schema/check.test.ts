import { expect, test } from 'vitest';
import { checkAgainstSchema } from './check.ts';
import { jsonPointer } from './pointer.ts';

const schema = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    format: { enum: ['csv', 'json', 'parquet'] },
    csv: { type: 'object', properties: { delimiter: { type: 'string' }, header: { type: 'boolean' } } },
    columns: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    limit: { type: 'integer', default: 5 },
  },
  required: ['path'],
};
const check = (value: unknown, over = {}) =>
  checkAgainstSchema({ schema: { ...schema, ...over }, value, of: 'x' });
const problems = (value: unknown) => {
  const outcome = check(value);
  return outcome.ok
    ? []
    : outcome.faults.map((f) => `${jsonPointer(f.path)} ${f.problem} ${f.suggestion}`.trim());
};

test('what fits gets its defaults', () => {
  expect(check({ path: 'a' })).toEqual({ ok: true, value: { path: 'a', limit: 5 } });
});

test.each<[unknown, string]>([
  [{}, '/path is missing (string)'],
  [{ path: 3 }, '/path expected string, received number'],
  [{ path: 'a', format: 'cvs' }, '/format "cvs" is not one of "csv", "json", "parquet" Did you mean "csv"?'],
  [
    { path: 'a', csv: { delimeter: ';' } },
    '/csv/delimeter there is no key "delimeter" Did you mean "delimiter"?',
  ],
  [
    { path: 'a', columns: 3 },
    '/columns expected string, received number, or expected array, received number',
  ],
  [{ path: 'a', columns: ['x', 1] }, '/columns/1 expected string, received number'],
])('%j', (value, expected) => {
  expect(problems(value)).toContain(expected);
});

test('every slip of one letter in a key is found and its key named', () => {
  for (const key of Object.keys(schema.properties)) {
    for (let i = 0; i < key.length; i += 1) {
      const typo = key.slice(0, i) + key.slice(i + 1);
      expect(problems({ path: 'a', [typo]: 'x' })).toContainEqual(
        expect.stringContaining(`Did you mean "${key}"?`),
      );
    }
  }
});

test('a schema that speaks of other keys is left open', () => {
  expect(check({ path: 'a', x: 1 }, { additionalProperties: true }).ok).toBe(true);
});

test('a schema that lists no keys has none, and one that is none is the fault of its plugin', () => {
  const of = { value: { x: 1 }, of: 'engine.x', plugin: '@acme/x' };
  expect(checkAgainstSchema({ schema: {}, ...of }).ok).toBe(false);
  expect(() => checkAgainstSchema({ schema: { type: 'nonsense' }, ...of })).toThrowError(
    expect.objectContaining({ code: 'VP_SCHEMA_UNUSABLE', plugin: '@acme/x' }),
  );
});

test('of the branches of a union the one that was meant speaks', () => {
  const grants = {
    anyOf: [
      { const: 'all' },
      { type: 'object', properties: { fs: { type: 'string' } }, additionalProperties: false },
    ],
  };
  const faults = (value: unknown) => {
    const outcome = checkAgainstSchema({
      schema: { properties: { grants } },
      value: { grants: value },
      of: 'x',
    });
    return outcome.ok ? [] : outcome.faults.map((f) => `${jsonPointer(f.path)}: ${f.problem}`);
  };
  expect(faults({ fz: 'x' })).toEqual(['/grants/fz: there is no key "fz"']);
  expect(faults({ fs: 1 })).toEqual(['/grants/fs: expected string, received number']);
  expect(faults('al')).toEqual(['/grants: "al" is not "all", or expected object, received string']);
});
