import { isVpError, type VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { keysAt } from '../json-schema/index.ts';
import { type ConfigLayersInit, configLayers } from './layers.ts';
import { formatKey } from './path.ts';
import { inspectConfig, resolveConfig, unknownSections } from './resolve.ts';
import { projectJsonSchema } from './schema.ts';
import { type ConfigTable, isTable, leaves, valueAt, withValue } from './values.ts';

/** A vp.toml whose keys stand one on a line, in order. */
function file(values: ConfigTable): ConfigLayersInit['file'] {
  const lines = leaves(values).map(formatKey);
  return {
    values,
    where: (path) => {
      const line = 1 + lines.findIndex((each) => each.startsWith(formatKey(path)));
      return { file: 'vp.toml', line, column: 1, text: `vp.toml:${line}:1` };
    },
  };
}

const shop: ConfigTable = {
  project: { name: 'shop' },
  plugins: { '@vp/duckdb': '^1.0.0', '@vp/files': { version: '^1.0.0', grants: { fs: ['read:data/**'] } } },
  engine: { duckdb: { memory_limit: '2GB', threads: 2 } },
  connections: { shop: { use: 'postgres', host: '127.0.0.1', password: 'secret://env/PG' } },
  alerts: [{ severity: ['error'], to: ['webhook'] }],
  env: { prod: { connections: { shop: { host: 'db.internal' } }, engine: { duckdb: { threads: 8 } } } },
};

const resolve = (init: Omit<ConfigLayersInit, 'file'> & { values?: ConfigTable } = {}) => {
  const { values = shop, ...others } = init;
  return resolveConfig({ layers: configLayers({ file: file(values), ...others }) });
};

function faults(values: ConfigTable): readonly VpError[] {
  return inspectConfig({ layers: configLayers({ file: file(values) }) }).errors;
}

function thrown(run: () => unknown): VpError {
  try {
    run();
  } catch (error) {
    if (isVpError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('layers', () => {
  test('the strongest layer that has a key wins, and explain says where each value stands', () => {
    const config = resolve({
      environment: 'prod',
      variables: { VP_ENGINE__DUCKDB__MEMORY_LIMIT: '4GB', VP_CHECKS__SAMPLE_SIZE: '9', HOME: '/root' },
      set: ['engine.duckdb.memory_limit=8GB'],
    });
    expect(config.values.checks.sample_size).toBe(9);
    expect(config.values.connections.shop).toEqual({
      use: 'postgres',
      host: 'db.internal',
      password: 'secret://env/PG',
    });
    const [memory] = config.explain('engine.duckdb.memory_limit');
    expect(memory?.values.map((v) => [v.layer, v.value, v.place.text])).toEqual([
      ['vp.toml', '2GB', 'vp.toml:5:1'],
      ['environment', '4GB', 'environment variable VP_ENGINE__DUCKDB__MEMORY_LIMIT'],
      ['flags', '8GB', '--set engine.duckdb.memory_limit'],
    ]);
    expect(memory?.winner?.layer).toBe('flags');
    expect(config.explain('checks')).toMatchObject([
      { key: 'checks.sample_size', winner: { value: 9 }, values: [{ layer: 'defaults', value: 5 }, {}] },
    ]);
  });

  test('variables reach keys that they cannot spell', () => {
    const config = resolve({
      variables: { VP_PLUGINS__VP_FILES__GRANTS: 'all', VP_PLUGINS__VP_DUCKDB__VERSION: '^1.2' },
    });
    expect(config.values.plugins).toEqual({
      '@vp/duckdb': { version: '^1.2' },
      '@vp/files': { version: '^1.0.0', grants: 'all' },
    });
  });

  test('variables and flags are read as the schema says', () => {
    const config = resolve({
      variables: { VP_PROJECT__PIPELINE: 'a.ts, b', VP_ALERTS__X: undefined },
      set: ['plugins."@vp/duckdb".required=true', 'alerts=[{"to":["console"]}]', 'project.description=7'],
    });
    expect(config.values.project).toEqual({ name: 'shop', pipeline: ['a.ts', 'b'], description: '7' });
    expect(config.values.plugins['@vp/duckdb']).toEqual({ version: '^1.0.0', required: true });
    expect(config.values.alerts).toEqual([{ to: ['console'] }]);
  });

  test('an environment that does not exist is refused', () => {
    expect(thrown(() => resolve({ environment: 'prd' }))).toMatchObject({
      code: 'VP_CONFIG_ENVIRONMENT_UNKNOWN',
      hint: 'Did you mean "prod"?',
    });
  });
});

describe('faults', () => {
  test('each names key, place, problem and remedy', () => {
    expect(faults({ ...shop, conections: {} })).toMatchObject([
      {
        code: 'VP_CONFIG_UNKNOWN_KEY',
        message: expect.stringContaining('"conections"'),
        hint: 'Did you mean "connections"?',
        at: { file: 'vp.toml', line: 13, column: 1, pointer: '/conections' },
      },
    ]);
    expect(faults({ ...shop, checks: { sample_size: 'many' } })[0]?.message).toBe(
      'checks.sample_size (vp.toml:13:1): expected number, received string.',
    );
    expect(faults({ project: {} })).toMatchObject([
      {
        code: 'VP_CONFIG_MISSING',
        message: expect.stringContaining('project.name is missing'),
        hint: 'Set it: project.name = <string>',
      },
    ]);
    expect(faults({ ...shop, alerts: [{ severity: ['eror'], to: ['x'] }] })).toMatchObject([
      { code: 'VP_CONFIG_INVALID', hint: 'Did you mean "error"?' },
    ]);
    expect(faults({ ...shop, policy: { minimum_release_age: '3' } })).toMatchObject([
      { code: 'VP_CONFIG_INVALID', message: expect.stringContaining('policy.minimum_release_age') },
    ]);
  });

  test('environments that are not in use are checked too', () => {
    const env = { prod: { engin: {}, checks: { sample_size: -1 }, plugins: { '@vp/duckdb': '^2.0.0' } } };
    expect(faults({ ...shop, env })).toMatchObject([
      { code: 'VP_CONFIG_INVALID', message: expect.stringContaining('env.prod.checks.sample_size') },
      { code: 'VP_CONFIG_UNKNOWN_KEY', hint: 'Did you mean "engine"?' },
    ]);
  });

  test('all faults are told, whichever is thrown', () => {
    const error = thrown(() => resolve({ values: { ...shop, chekcs: {}, bindigs: {} } }));
    expect(error.details?.more).toEqual([expect.stringContaining('Did you mean "bindings"?')]);
  });

  test('variables and flags that fit nowhere are refused by name', () => {
    expect(thrown(() => resolve({ variables: { VP_CHEKS__SAMPLE_SIZE: '1' } }))).toMatchObject({
      message: expect.stringContaining('environment variable VP_CHEKS__SAMPLE_SIZE'),
      hint: 'Did you mean "checks"?',
    });
    expect(thrown(() => resolve({ set: ['checks.sample_siz=1'] })).message).toContain(
      '--set checks.sample_siz',
    );
    expect(thrown(() => resolve({ set: ['checks'] })).code).toBe('VP_CONFIG_BAD_FLAG');
    expect(thrown(() => resolve({ set: ['__proto__.x=1'] })).code).toBe('VP_CONFIG_BAD_KEY');
  });

  test('a section for a contribution that nobody has is told', () => {
    const ids = (point: string) => (point === 'engine' ? ['duckdb'] : []);
    expect(unknownSections(resolve(), ids)).toEqual([]);
    const values = { ...shop, engine: { duckbd: { threads: 1 } } };
    expect(unknownSections(resolve({ values }), ids)).toMatchObject([
      { hint: 'Did you mean "duckdb"?', at: { line: 5 } },
    ]);
  });
});

describe('explain', () => {
  test('shows secrets as their reference and hides those written out', () => {
    const config = resolve({ set: ['connections.shop.token=hunter2'] });
    expect(config.explain('connections.shop').map((each) => [each.key, each.winner?.value])).toEqual([
      ['connections.shop.use', 'postgres'],
      ['connections.shop.host', '127.0.0.1'],
      ['connections.shop.password', 'secret://env/PG'],
      ['connections.shop.token', '[hidden]'],
    ]);
  });

  test('knows the keys, types and defaults of plugins when it is told their schemas', () => {
    const schemaOf = (path: readonly string[]) =>
      path.join('.') === 'engine.duckdb'
        ? {
            type: 'object',
            properties: {
              threads: { type: 'integer', default: 4 },
              spill: { type: 'object', properties: { limit: { type: 'integer', default: 10 } } },
              tune: { type: 'boolean' },
            },
          }
        : undefined;
    const config = resolve({ set: ['engine.duckdb.tune=true'] });
    const explained = config.explain('engine.duckdb', schemaOf);
    expect(explained.map(({ key, winner }) => [key, winner?.value, winner?.place.text])).toEqual([
      ['engine.duckdb.threads', 2, 'vp.toml:6:1'],
      ['engine.duckdb.spill.limit', 10, 'default of engine.duckdb'],
      ['engine.duckdb.memory_limit', '2GB', 'vp.toml:5:1'],
      ['engine.duckdb.tune', true, '--set engine.duckdb.tune'],
    ]);
    expect(explained[0]?.values.map((each) => each.value)).toEqual([4, 2]);
    expect(thrown(() => config.explain('engine.duckdb.thread', schemaOf)).hint).toBe(
      'Did you mean "engine.duckdb.threads"?',
    );
  });

  test('a key that is known but not set has no winner; one that is neither is refused', () => {
    expect(resolve().explain('project.description')).toMatchObject([{ values: [], winner: undefined }]);
    expect(thrown(() => resolve().explain('connections.shop.hos')).hint).toBe(
      'Did you mean "connections.shop.host"?',
    );
    expect(thrown(() => resolve().explain('conections.shop.host')).hint).toBe(
      'Did you mean "connections.shop.host"?',
    );
  });
});

/** Every word that is one insertion, deletion or substitution away. */
function typos(word: string): Set<string> {
  const letters = [...'abcdefghijklmnopqrstuvwxyz_'];
  const all = new Set<string>();
  for (let i = 0; i <= word.length; i++) {
    for (const letter of letters) {
      all.add(word.slice(0, i) + letter + word.slice(i));
      if (i < word.length) all.add(word.slice(0, i) + letter + word.slice(i + 1));
    }
    if (i < word.length) all.add(word.slice(0, i) + word.slice(i + 1));
  }
  all.delete(word);
  all.delete('');
  return all;
}

test('every single-character typo of every known key is answered with the key that was meant', () => {
  const schema = projectJsonSchema();
  const tables = [
    [],
    ['project'],
    ['bindings'],
    ['checks'],
    ['plugins', 'p'],
    ['plugins', 'p', 'grants'],
    ['alerts', '0'],
    ['env', 'e'],
    ['env', 'e', 'checks'],
  ];
  const base: ConfigTable = {
    project: { name: 'x' },
    plugins: { p: { version: '1' } },
    alerts: [{ to: ['x'] }],
  };
  const where = () => ({ file: 'vp.toml', line: 1, column: 1, text: 'vp.toml:1:1' });
  let tried = 0;
  for (const table of tables) {
    const keys = keysAt(schema, table);
    expect(keys.length).toBeGreaterThan(0);
    const near = new Map(keys.map((key) => [key, typos(key)]));
    for (const key of keys) {
      // One file with all typos of the key: each must be reported, each with its own suggestion.
      const wrong = [...typos(key)].filter((typo) => !keys.includes(typo));
      const layers = configLayers({ file: { values: withKeys(base, table, wrong), where } });
      const unknown = inspectConfig({ layers }).errors.filter(
        (error) => error.code === 'VP_CONFIG_UNKNOWN_KEY',
      );
      expect(unknown).toHaveLength(wrong.length);
      for (const [index, typo] of wrong.entries()) {
        const meant = keys.filter((each) => near.get(each)?.has(typo));
        expect(meant.map((each) => `Did you mean "${each}"?`)).toContain(unknown[index]?.hint);
        tried += 1;
      }
    }
  }
  expect(tried).toBeGreaterThan(10_000);
});

function withKeys(base: ConfigTable, table: readonly string[], keys: readonly string[]): ConfigTable {
  const wrong = Object.fromEntries(keys.map((key) => [key, 1]));
  if (table[0] === 'alerts') return { ...base, alerts: [{ to: ['x'], ...wrong }] };
  const before = valueAt(base, table);
  const inner = { ...(isTable(before) ? before : {}), ...wrong };
  return table.length === 0 ? inner : withValue(base, table, inner);
}
