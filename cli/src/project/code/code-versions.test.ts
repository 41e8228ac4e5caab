import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// In a process of its own, as Node runs the user's modules there without vite.
const run = promisify(execFile);
const loader = new URL('../load-pipeline.ts', import.meta.url).href;
const api = new URL('../../index.ts', import.meta.url).href;
const script = `
const { loadPipeline } = await import(${JSON.stringify(loader)});
const loaded = [];
for (const root of process.argv.slice(1)) {
  const { pipeline } = await loadPipeline({ root });
  loaded.push(pipeline.assets.map(({ name, codeVersion }) => [name, codeVersion]));
}
console.log(JSON.stringify(loaded));`;

type Files = Readonly<Record<string, string>>;

const packages: Files = {
  'node_modules/vibepiper/package.json': '{"name":"vibepiper","type":"module","exports":"./index.js"}',
  'node_modules/vibepiper/index.js': `export * from ${JSON.stringify(api)};`,
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","type":"module","exports":"./i.js"}',
  'node_modules/dep/i.js': 'export const twice = (n) => n * 2; export const same = (fn) => (row) => fn(row);',
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vp-code-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The versions of each of these projects, by asset. */
async function versions(...projects: readonly Files[]): Promise<readonly ReadonlyMap<string, string>[]> {
  const folders = projects.map((_, index) => join(root, String(index)));
  for (const [index, files] of projects.entries()) {
    for (const [name, text] of Object.entries({ ...packages, ...files })) {
      const path = join(folders[index] ?? '', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    const own = join(folders[index] ?? '', 'packages/own');
    if ('packages/own/package.json' in files) {
      await symlink(own, join(folders[index] ?? '', 'node_modules/own'));
    }
  }
  const args = ['--input-type=module', '-e', script, ...folders];
  const { stdout, stderr } = await run(process.execPath, args);
  expect(stderr).toBe('');
  return JSON.parse(stdout).map((entries: readonly [string, string][]) => new Map(entries));
}

/** Whose code has another version after the change. */
async function changed(files: Files, change: Files): Promise<readonly string[]> {
  const [before, after] = await versions(files, { ...files, ...change });
  return [...(before?.keys() ?? [])].filter((name) => before?.get(name) !== after?.get(name));
}

const head = `import { asset, check, publish, source, sql, sink, t } from 'vibepiper';
const raw = asset('raw', { source: source('files', { path: 'a.csv' }), schema: { id: t.int64() } });
const schema = { id: t.int64() };
`;
const imports = `import { clean } from './lib/clean.ts';
`;
const project: Files = {
  'pipeline.ts': `${imports}${head}
const limit: bigint = 10n;
/** Says what is small. */
function isSmall(row: { id: bigint }): boolean { return row.id < limit; }
const unrelated = (n: number) => n + 1;
export const other = asset('other', { from: raw, schema, rows: (row) => row });
export const small = asset('small', { from: raw, schema, rows: (row) => (isSmall(row) ? row : null), checks: [check.notNull('id')] });
export const tidy = asset('tidy', { from: raw, schema, rows: (row) => clean(row) });
export const query = asset('query', { sql: sql\`select 1 as one\` });
`,
  'lib/clean.ts': `import { step } from './step.ts';
import * as names from './names.ts';
export const clean = (row: { id: bigint }) => ({ id: step(row.id) });
export const named = (row: { id: bigint }) => ({ id: row.id + names.offset });
export const loose = 1;
`,
  'lib/step.ts': `import { loose } from './clean.ts';
export function step(n: bigint): bigint { return n + 1n; }
export const unrelated = () => loose;
`,
  'lib/names.ts': 'export const offset = 5n;',
};

const edit = (file: string, from: string, to: string): Files => {
  const text = project[file] ?? '';
  expect(text).toContain(from);
  return { [file]: text.replace(from, to) };
};

describe('a change is seen', () => {
  test.each([
    ['of the function itself', edit('pipeline.ts', '? row : null', '? null : row'), ['small']],
    ['of a helper', edit('pipeline.ts', 'row.id < limit', 'row.id <= limit'), ['small']],
    ['of what a helper reads', edit('pipeline.ts', '= 10n', '= 11n'), ['small']],
    ['of an imported helper', edit('lib/clean.ts', '({ id: step', '({ id: -step'), ['tidy']],
    ['two modules deep, through a cycle', edit('lib/step.ts', 'n + 1n', 'n + 2n'), ['tidy']],
    ['of where a name is imported from', edit('pipeline.ts', '{ clean }', '{ named as clean }'), ['tidy']],
  ])('%s', async (_, change, expected) => {
    expect(await changed(project, change)).toEqual(expected);
  });

  test('of what another statement does to a helper', async () => {
    const text = (value: string) =>
      `${head}const names = new Map(); names.set('a', ${value});
export const x = asset('x', { from: raw, schema, rows: (row) => names.get('a') ?? row });
export const y = asset('y', { from: raw, schema, rows: (row) => row });`;
    expect(await changed({ 'pipeline.ts': text('1n') }, { 'pipeline.ts': text('2n') })).toEqual(['x']);
  });

  test('of what another function gives a variable', async () => {
    const text = (value: string) =>
      `${head}let limit = 1n; function init() { limit = ${value}; } init();
export const x = asset('x', { from: raw, schema, rows: (row) => (row.id < limit ? row : null) });`;
    expect(await changed({ 'pipeline.ts': text('1n') }, { 'pipeline.ts': text('2n') })).toEqual(['x']);
  });

  test('of a package that is a folder of the same workspace', async () => {
    const files = {
      'packages/own/package.json': '{"name":"own","version":"1.0.0","type":"module","exports":"./i.ts"}',
      'packages/own/i.ts': 'export const one = 1n;',
      'pipeline.ts': `${head}import { one } from 'own';
export const x = asset('x', { from: raw, schema, rows: () => ({ id: one }) });`,
    };
    expect(await changed(files, { 'packages/own/i.ts': 'export const one = 2n;' })).toEqual(['x']);
  });

  test('through what is exported again, by default or as a whole, and imported while it runs', async () => {
    const files = {
      'lib/a.ts': 'export default function (n) { return n; }',
      'lib/b.ts': 'const twice = (n) => n * 2n; export { twice };',
      'lib/all.ts':
        "export { default as first } from './a.ts'; export * from './b.ts'; export * as a from './a.ts';",
      'lib/late.ts': 'export const late = 1;',
      'lib/data.json': '{ "n": 1 }',
      'pipeline.ts': `${head}
import { first, twice, a } from './lib/all.ts';
import data from './lib/data.json' with { type: 'json' };
export const first_ = asset('first', { from: raw, schema, rows: (row) => first(row) });
export const twice_ = asset('twice', { from: raw, schema, rows: (row) => twice(row) });
export const space = asset('space', { from: raw, schema, rows: (row) => a.default(row) });
export const json = asset('json', { from: raw, schema, rows: (row) => data.n });
export const late = asset('late', { inputs: { raw }, task: async () => { await import('./lib/late.ts'); } });`,
    };
    const after = (name: string, text: string) => changed(files, { [name]: text });
    expect(await after('lib/a.ts', 'export default function (n) { return n + 1n; }')).toEqual([
      'first',
      'space',
    ]);
    expect(await after('lib/b.ts', 'const twice = (n) => n * 3n; export { twice };')).toEqual(['twice']);
    expect(await after('lib/data.json', '{ "n": 2 }')).toEqual(['json']);
    expect(await after('lib/late.ts', 'export const late = 2;')).toEqual(['late']);
  });

  test('of two helpers that change places', async () => {
    const files = {
      'lib/a.ts': 'export const one = 1n; export const two = 2n;',
      'lib/b.ts': "export { one as first, two as second } from './a.ts';",
      'pipeline.ts': `${head}import { first, second } from './lib/b.ts';
export const x = asset('x', { from: raw, schema, rows: () => ({ id: first - second }) });`,
    };
    const swapped = "export { two as first, one as second } from './a.ts';";
    expect(await changed(files, { 'lib/b.ts': swapped })).toEqual(['x']);
    const imported = files['pipeline.ts'].replace(
      '{ first, second }',
      '{ first as second, second as first }',
    );
    expect(await changed(files, { 'pipeline.ts': imported })).toEqual(['x']);
  });

  test('of the version of a package', async () => {
    const files = {
      'pipeline.ts': `${head}import { twice } from 'dep';
import { join } from 'node:path';
export const x = asset('x', { from: raw, schema, rows: (row) => twice(row.id) });
export const y = asset('y', { from: raw, schema, rows: (row) => join(row.id) });`,
    };
    const manifest = '{"name":"dep","version":"1.0.1","type":"module","exports":"./i.js"}';
    expect(await changed(files, { 'node_modules/dep/package.json': manifest })).toEqual(['x']);
  });

  test('of a function that another module declares', async () => {
    const files = {
      'lib/rows.ts':
        'const one = 1n; export function rows(row) { return { id: row.id + one }; } export const z = 1;',
      'pipeline.ts': `${head}import { rows } from './lib/rows.ts';
export const x = asset('x', { from: raw, schema, rows });
export const y = asset('y', { from: raw, schema, rows: (row) => row });`,
    };
    const rows = files['lib/rows.ts'];
    expect(await changed(files, { 'lib/rows.ts': rows.replace('1n', '2n') })).toEqual(['x']);
    expect(await changed(files, { 'lib/rows.ts': rows.replace('z = 1', 'z = 2') })).toEqual([]);
  });
});

describe('functions that capture more than their module', () => {
  const factory = `${head}
export const make = (name, by) => asset(name, { from: raw, schema, rows: (row) => ({ id: row.id * by }) });`;

  test('made by a factory of another module: all of both modules count', async () => {
    const files = {
      'lib/make.ts': factory,
      'pipeline.ts': "import { make } from './lib/make.ts'; export const x = make('x', 2n);",
    };
    const calls = files['pipeline.ts'].replace('2n', '3n');
    expect(await changed(files, { 'pipeline.ts': calls })).toEqual(['x']);
    expect(await changed(files, { 'lib/make.ts': factory.replace('* by', '+ by') })).toEqual(['x']);
  });

  test('made by a factory that waits', async () => {
    const files = {
      'lib/make.ts': factory.replace('(name, by) =>', 'async (name, by) => await null ??'),
      'pipeline.ts': "import { make } from './lib/make.ts'; export const x = await make('x', 2n);",
    };
    const calls = files['pipeline.ts'].replace('2n', '3n');
    expect(await changed(files, { 'pipeline.ts': calls })).toEqual(['x']);
  });

  test('made in a callback or a loop: that statement counts and what it uses', async () => {
    const files = {
      'pipeline.ts': `${head}
const sizes = [1n, 2n];
const unrelated = 1;
export const made = sizes.map((size) => asset(\`by_\${size}\`, { from: raw, schema, rows: (row) => ({ id: row.id * size }) }));`,
    };
    const edited = (from: string, to: string) => ({ 'pipeline.ts': files['pipeline.ts'].replace(from, to) });
    expect(await changed(files, edited('[1n, 2n]', '[1n, 2n, 3n]'))).toEqual(['by_1', 'by_2']);
    expect(await changed(files, edited('unrelated = 1', 'unrelated = 2'))).toEqual([]);
  });

  test('made by a package, or bound: all of the module counts', async () => {
    const files = {
      'pipeline.ts': `${head}import { same } from 'dep';
const one = 1n;
function add(row) { return { id: row.id + one }; }
export const x = asset('x', { from: raw, schema, rows: same(add) });
export const y = asset('y', { from: raw, schema, rows: add.bind(null) });`,
    };
    const edited = { 'pipeline.ts': files['pipeline.ts'].replace('1n', '2n') };
    expect(await changed(files, edited)).toEqual(['x', 'y']);
  });
});

describe('a change that is none', () => {
  test.each([
    ['another function', edit('pipeline.ts', 'n + 1', 'n + 2')],
    ['a function beside an imported one', edit('lib/step.ts', '() => loose', '() => loose + 1')],
    ['comments', edit('pipeline.ts', 'Says what is small', 'Small or not')],
    ['layout', edit('pipeline.ts', '{ return row.id < limit; }', '{\n  return (row.id\n    < limit);\n}')],
    ['types', edit('pipeline.ts', 'limit: bigint', 'limit')],
    ['checks', edit('pipeline.ts', "check.notNull('id')", "check.unique('id')")],
    ['where the asset stands', edit('pipeline.ts', 'const limit', '\n\n\nconst limit')],
  ])('%s', async (_, change) => {
    expect(await changed(project, change)).toEqual([]);
  });

  test('another asset that the function mentions, and its SQL', async () => {
    const text = (query: string) => `${head}
export const other = asset('other', { sql: sql\`${query}\`, schema });
export const x = asset('x', { from: raw, schema, rows: (row) => (other.name === '' ? null : row) });`;
    const expected = ['other'];
    expect(await changed({ 'pipeline.ts': text('select 1') }, { 'pipeline.ts': text('select 2') })).toEqual(
      expected,
    );
  });

  test('a version by hand stands for all of the code', async () => {
    const text = (body: string) => ({
      'pipeline.ts': `${head}export const x = asset('x', { from: raw, schema, rows: (row) => ${body}, version: '2' });`,
    });
    expect(await changed(text('row'), text('null'))).toEqual([]);
    expect((await versions(text('row')))[0]?.get('x')).toBe('version 2');
  });
});

/** Functions that call each other at will, over three modules, and an asset for each. */
const programs = fc.integer({ min: 2, max: 8 }).chain((count) =>
  fc.record({
    functions: fc.array(
      fc.record({
        module: fc.nat({ max: 2 }),
        calls: fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 2 }),
      }),
      { minLength: count, maxLength: count },
    ),
    edited: fc.nat({ max: count - 1 }),
  }),
);
type Program = typeof programs extends fc.Arbitrary<infer P> ? P : never;

function filesOf({ functions }: Program, edited?: number): Files {
  const homes = [0, 1, 2];
  const namesIn = (home: number) =>
    functions.flatMap(({ module }, index) => (module === home ? [`f${index}`] : [])).join(', ');
  const importsOf = (from: string, except?: number) =>
    homes
      .filter((home) => home !== except)
      .map((home) => `import { ${namesIn(home)} } from '${from}m${home}.ts';`);
  const bodies = functions.map(({ calls }, index) => {
    const terms = [index === edited ? '2n' : '1n', ...calls.map((callee) => `f${callee}(n)`)];
    return `export function f${index}(n) { return ${terms.join(' + ')}; }`;
  });
  const modules = homes.map((home) => [
    `lib/m${home}.ts`,
    [...importsOf('./', home), ...bodies.filter((_, index) => functions[index]?.module === home)].join('\n'),
  ]);
  const assets = functions.map(
    (_, index) =>
      `export const a${index} = asset('a${index}', { from: raw, schema, rows: (row) => ({ id: f${index}(row.id) }) });`,
  );
  return {
    ...Object.fromEntries(modules),
    'pipeline.ts': [...importsOf('./lib/'), head, ...assets].join('\n'),
  };
}

/** The functions that get to it by calls, and itself. */
function callersOf({ functions, edited }: Program): ReadonlySet<number> {
  const found = new Set([edited]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [index, { calls }] of functions.entries()) {
      if (calls.some((callee) => found.has(callee))) found.add(index);
    }
  }
  return found;
}

test('of functions that call each other at will, a change is seen by exactly the assets that it reaches', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const expected = [...callersOf(program)].sort().map((index) => `a${index}`);
      expect(await changed(filesOf(program), filesOf(program, program.edited))).toEqual(expected);
      await rm(root, { recursive: true });
    }),
    { numRuns: 12 },
  );
});
