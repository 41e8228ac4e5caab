import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssetSpec, isVpError, type JsonObject, type PipelineSpec } from '@vp/contracts';
import { configLayers, createKernel, resolveConfig } from '@vp/kernel';
import { asset, check, sql } from 'vibepiper';
import { expect, test } from 'vitest';
import { parseToml } from '../../cli/src/project/toml.ts';

const root = join(import.meta.dirname, '../..');
const letters = 'abcdefghijklmnopqrstuvwxyz_';

/** Every text that one slip of the fingers makes of a word: left out, swapped, another letter, one too many. */
function typosOf(word: string): readonly string[] {
  const found = new Set<string>();
  for (let i = 0; i <= word.length; i++) {
    const [before, after] = [word.slice(0, i), word.slice(i)];
    for (const letter of letters) found.add(before + letter + after);
    if (after === '') continue;
    found.add(before + after.slice(1));
    for (const letter of letters) found.add(before + letter + after.slice(1));
    if (after.length > 1) found.add(before + after[1] + after[0] + after.slice(2));
  }
  found.delete(word);
  found.delete('');
  return [...found];
}

/** Whether one slip makes `typo` of `word`: then it may as well have been meant. */
const isNear = (typo: string, word: string) => typosOf(word).includes(typo);

interface Tally {
  typos: number;
  ambiguous: number;
  readonly wrong: string[];
}

/** Holds an answer to a typo against the word that was meant. */
function judge(tally: Tally, typo: string, key: string, answer: string): void {
  tally.typos += 1;
  if (answer.includes(`Did you mean "${key}"?`)) return;
  const suggested = /Did you mean "([^"]+)"\?/.exec(answer)?.[1];
  if (suggested !== undefined && isNear(typo, suggested)) tally.ambiguous += 1;
  else tally.wrong.push(`${key} as ${typo}: ${answer}`);
}

function answerOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isVpError(error)) throw error;
    return `${error.message} ${error.hint}`;
  }
}

type Table = Readonly<Record<string, unknown>>;

/** What stands below these is named by the user. */
const named = new Set(['plugins', 'connections', 'env']);

/** Every key that the schema of vp.toml knows, with the tables around it. */
function keysOf(table: Table, path: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const here = [...path, key];
    const isNamed = named.has(path.at(-1) ?? '');
    const below = typeof value === 'object' && value !== null ? keysOf(value as Table, here) : [];
    return [...(isNamed || /^\d+$/.test(key) ? [] : [here]), ...below];
  });
}

function renamed(value: unknown, [key = '', ...rest]: readonly string[], name: string): unknown {
  if (Array.isArray(value))
    return value.map((each, i) => (String(i) === key ? renamed(each, rest, name) : each));
  return Object.fromEntries(
    Object.entries(value as Table).map(([k, inner]) => {
      if (k !== key) return [k, inner];
      return rest.length === 0 ? [name, inner] : [k, renamed(inner, rest, name)];
    }),
  );
}

const everything = `
[project]
name = "shop"
pipeline = ["pipeline.ts"]
[plugins."@vp/files"]
version = "^1.0.0"
grants = { fs = ["read:data/**"], network = ["*"], secrets = ["config.*"], env = ["*"], subprocess = ["git"], native = true }
required = true
[bindings]
executor = "local"
store = "sqlite"
engine = "duckdb"
[[alerts]]
severity = ["error"]
assets = ["orders*"]
tags = ["finance"]
continue = true
to = ["webhook"]
[checks]
sample_size = 5
`;

const examples = [
  ...globSync('{examples/*,cli/templates/*}/vp.toml', { cwd: root }).map(
    (file) => [file, readFileSync(join(root, file), 'utf8').replace('{{name}}', 'shop')] as const,
  ),
  ['a vp.toml with every section', everything] as const,
];

test.each(examples)('every typo of every key of %s gets the right suggestion', (file, text) => {
  const parsed = parseToml(text, file);
  const tally: Tally = { typos: 0, ambiguous: 0, wrong: [] };
  for (const path of keysOf(parsed.values as Table)) {
    const key = path.at(-1) ?? '';
    for (const typo of typosOf(key)) {
      const values = renamed(parsed.values, path, typo) as typeof parsed.values;
      const answer = answerOf(() => resolveConfig({ layers: configLayers({ file: { ...parsed, values } }) }));
      // Another key of the schema, spelled right.
      if (answer === undefined || !answer.includes(`"${typo}"`)) continue;
      judge(tally, typo, key, answer);
    }
  }
  expect(tally.wrong).toEqual([]);
  expect(tally.typos).toBeGreaterThan(1_000);
  expect(tally.ambiguous).toBeLessThan(tally.typos / 50);
});

test('every typo of every option of an asset and of a check gets the right suggestion', () => {
  const tally: Tally = { typos: 0, ambiguous: 0, wrong: [] };
  const options = [
    'sql',
    'schema',
    'checks',
    'key',
    'partitions',
    'retries',
    'timeout',
    'resource',
    'description',
    'owner',
    'tags',
    'metadata',
    'engine',
    'version',
    'source',
    'rows',
    'batches',
    'task',
    'from',
    'inputs',
  ];
  for (const key of options) {
    for (const typo of typosOf(key).filter((typo) => !options.includes(typo))) {
      const answer = answerOf(() => asset('orders', { sql: sql`select 1 as x`, [typo]: 1 } as never));
      judge(tally, typo, key, answer ?? 'accepted');
    }
  }
  for (const key of ['min', 'max']) {
    for (const typo of typosOf(key).filter((typo) => !['min', 'max'].includes(typo))) {
      judge(tally, typo, key, answerOf(() => check.rowCount({ [typo]: 1 } as never)) ?? 'accepted');
    }
  }
  expect(tally.wrong).toEqual([]);
  expect(tally.typos).toBeGreaterThan(5_000);
});

test('every typo of options, sources, sinks and rules that plugins have gets the right suggestion', {
  timeout: 60_000,
}, async () => {
  const projectDir = await mkdtemp(join(tmpdir(), 'vp-typos-'));
  const names = ['duckdb', 'files', 'metadata-sqlite', 'executor-local', 'checks', 'transform-ts'];
  const plugins = Object.fromEntries(
    names.map((name) => [`@vp/${name}`, { version: '^1.0.0', grants: 'all' }]),
  );
  const file = {
    values: { project: { name: 'typos' }, plugins },
    where: () => ({ text: 'vp.toml', file: 'vp.toml' }),
  };
  const pluginDirectories = Object.fromEntries(
    names.map((name) => [`@vp/${name}`, join(root, 'plugins', name)]),
  );
  const kernel = await createKernel({
    projectDir,
    config: resolveConfig({ layers: configLayers({ file }) }),
    pluginDirectories,
  });
  const tally: Tally = { typos: 0, ambiguous: 0, wrong: [] };
  const orders = (options: JsonObject, use = 'files', rule = 'not_null'): AssetSpec => ({
    $$type: '@vp/asset',
    version: 'v1',
    name: 'orders',
    inputs: [],
    compute: { kind: 'source', use, options },
    materialize: 'table',
    checks: [{ name: 'c', rule, columns: ['id'], options: {}, severity: 'error' }],
    codeVersion: '1',
  });
  const check = (asset: AssetSpec) =>
    answerOf(() => {
      const spec: PipelineSpec = { $$type: '@vp/pipeline', version: 'v1', assets: [asset], publish: [] };
      return kernel.check(spec);
    });
  try {
    expect(check(orders({ path: 'a.csv' }))).toBeUndefined();
    for (const key of [
      'columns',
      'delimiter',
      'compression',
      'encoding',
      'timestamp_format',
      'skip',
      'union',
    ]) {
      for (const typo of typosOf(key)) {
        judge(tally, typo, key, check(orders({ path: 'a.csv', [typo]: 1 })) ?? 'accepted');
      }
    }
    for (const typo of typosOf('files')) {
      judge(tally, typo, 'files', check(orders({ path: 'a.csv' }, typo)) ?? 'accepted');
    }
    for (const rule of ['not_null', 'unique', 'positive', 'accepted_values']) {
      for (const typo of typosOf(rule)) {
        judge(tally, typo, rule, check(orders({ path: 'a.csv' }, 'files', typo)) ?? 'accepted');
      }
    }
  } finally {
    await kernel.stop();
    await rm(projectDir, { recursive: true });
  }
  expect(tally.wrong).toEqual([]);
  expect(tally.typos).toBeGreaterThan(3_000);
});
