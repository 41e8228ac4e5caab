import { expect, test } from 'vitest';
import { checkAgainstSchema } from './config-schema.ts';

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
const problems = (value: unknown) => {
  const outcome = checkAgainstSchema(schema, value);
  return outcome.ok ? [] : outcome.problems.map((p) => `${p.pointer} ${p.message} ${p.suggestion}`.trim());
};

test('what fits gets its defaults', () => {
  expect(checkAgainstSchema(schema, { path: 'a' })).toEqual({ ok: true, value: { path: 'a', limit: 5 } });
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
  expect(checkAgainstSchema({ ...schema, additionalProperties: true }, { path: 'a', x: 1 }).ok).toBe(true);
});
