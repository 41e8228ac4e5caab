import { expect, test } from 'vitest';
import { contributionConfig } from './contribution-config.ts';
import { configLayers } from './layers.ts';
import { resolveConfig } from './resolve.ts';
import type { ConfigTable } from './values.ts';

const schema = {
  type: 'object',
  properties: {
    memory_limit: { type: 'string', default: '80%' },
    threads: { type: 'integer', minimum: 1 },
    tune: { type: 'boolean' },
    only: { type: 'array', items: { type: 'string' } },
    mode: { enum: ['fast', 'safe'] },
    file: { anyOf: [{ type: 'string' }, { const: false }] },
    size: { type: 'string', pattern: '^[0-9]+GB$', description: 'A size like 4GB.' },
  },
};

function config(values: ConfigTable, variables = {}) {
  const where = () => ({ file: 'vp.toml', line: 3, column: 1, text: 'vp.toml:3:1' });
  return resolveConfig({
    layers: configLayers({ file: { values: { project: { name: 'x' }, ...values }, where }, variables }),
  });
}

test('defaults are filled in and texts get the types of the schema', () => {
  const variables = {
    VP_ENGINE__MY_ENGINE__THREADS: '4',
    VP_ENGINE__MY_ENGINE__TUNE: 'TRUE',
    VP_ENGINE__MY_ENGINE__ONLY: 'a,b',
    VP_ENGINE__MY_ENGINE__FILE: 'false',
  };
  const path = ['engine', 'my-engine'];
  expect(contributionConfig({ config: config({}, variables), path, schema })).toEqual({
    memory_limit: '80%',
    threads: 4,
    tune: true,
    only: ['a', 'b'],
    file: false,
  });
});

test('a connection is configured without its `use`', () => {
  const values = { connections: { shop: { use: 'pg', threads: 2 } } };
  expect(contributionConfig({ config: config(values), path: ['connections', 'shop'], schema })).toMatchObject(
    { threads: 2 },
  );
});

test.each([
  [{ thread: 2 }, 'VP_CONFIG_UNKNOWN_KEY', 'Did you mean "threads"?'],
  [{ mode: 'save' }, 'VP_CONFIG_INVALID', 'Did you mean "safe"?'],
  [{ size: 'lots' }, 'VP_CONFIG_INVALID', 'A size like 4GB.'],
  [
    { threads: 0 },
    'VP_CONFIG_INVALID',
    'See where the value comes from: vp config explain engine.duckdb.threads',
  ],
])('%j is refused with its place', (duckdb, code, hint) => {
  const init = { config: config({ engine: { duckdb } }), path: ['engine', 'duckdb'], schema };
  expect(() => contributionConfig(init)).toThrowError(
    expect.objectContaining({ code, hint, at: expect.objectContaining({ file: 'vp.toml', line: 3 }) }),
  );
});

test('without a schema nothing can be configured', () => {
  const path = ['engine', 'duckdb'];
  expect(contributionConfig({ config: config({}), path })).toEqual({});
  expect(() => contributionConfig({ config: config({ engine: { duckdb: { a: 1 } } }), path })).toThrowError(
    expect.objectContaining({ code: 'VP_CONFIG_NOT_CONFIGURABLE' }),
  );
});
