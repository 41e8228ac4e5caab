import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PipelineSpec, VpErrorJson } from '@vp/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// In a process of its own, as Node runs the user's modules there without vite.
const run = promisify(execFile);
const loader = new URL('./load-pipeline.ts', import.meta.url).href;
const api = new URL('../index.ts', import.meta.url).href;
const script = `
const { loadPipeline } = await import(${JSON.stringify(loader)});
const request = JSON.parse(process.argv[1]);
const loaded = await loadPipeline(request).catch((error) => ({ error: error.toJSON?.() ?? String(error.stack) }));
console.log(JSON.stringify(loaded));`;

interface Outcome {
  readonly pipeline?: PipelineSpec;
  readonly modules?: readonly string[];
  readonly skipped?: readonly VpErrorJson[];
  readonly error?: VpErrorJson;
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vp-load-'));
  await mkdir(join(root, 'node_modules/vibepiper'), { recursive: true });
  const manifest = { name: 'vibepiper', type: 'module', exports: './index.js' };
  await writeFile(join(root, 'node_modules/vibepiper/package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'node_modules/vibepiper/index.js'), `export * from ${JSON.stringify(api)};`);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

async function load(assets?: readonly string[], paths?: readonly string[]): Promise<Outcome> {
  const request = JSON.stringify({ root, assets, paths });
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, request]);
  const lines = stdout.trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '');
}

const names = (outcome: Outcome) => outcome.pipeline?.assets.map((asset) => asset.name).sort();

const shop = {
  'assets/orders.ts': `import { asset, source, t } from 'vibepiper';
export const orders = asset('orders', { source: source('files', { path: 'o.csv' }), schema: { id: t.int64() } });
`,
  'assets/users.ts': `import { asset, source, t } from 'vibepiper';
export const users = asset('users', { source: source('files', { path: 'u.csv' }) });
`,
  'assets/daily.sql': `-- description: Orders a day
-- check: not_null(id) where="id > 1"
-- check: row_count() min=1 warn
select id -- how many
from \${orders}
`,
  'assets/shop/late.ts': `import { asset, sql } from 'vibepiper';
import { orders } from '../orders.ts';
export default asset('shop.late', { sql: sql\`select * from \${orders}\` });
`,
  'pipeline.ts': `import { pipeline, publish, sink } from 'vibepiper';
import late from './assets/shop/late.ts';
export default pipeline({ assets: [late], publish: [publish(late, sink('files', { path: 'late.csv' }))] });
`,
};

describe('loading everything', () => {
  test('collects exports of modules and SQL files, each object once, with places relative to the project', async () => {
    await write(shop);
    const outcome = await load();
    expect(outcome.error).toBeUndefined();
    expect(names(outcome)).toEqual(['daily', 'orders', 'shop.late', 'users']);
    expect(outcome.pipeline?.publish.map((each) => each.name)).toEqual(['shop.late->files']);
    const origins = outcome.pipeline?.assets.map(
      (asset) => `${asset.name} ${asset.origin?.file}:${asset.origin?.line}`,
    );
    expect(origins).toContain('shop.late assets/shop/late.ts:3');
    const daily = outcome.pipeline?.assets.find((asset) => asset.name === 'daily');
    expect(daily).toMatchObject({
      description: 'Orders a day',
      inputs: [{ asset: 'orders', as: 'orders' }],
      checks: [
        { rule: 'not_null', columns: ['id'], where: 'id > 1', severity: 'error', origin: { line: 2 } },
        { rule: 'row_count', columns: [], options: { min: 1 }, severity: 'warn' },
      ],
    });
  });

  test('two assets of one name are refused, and both places are named', async () => {
    await write({ ...shop, 'assets/other.ts': shop['assets/users.ts'] });
    const { error } = await load();
    expect(error?.code).toBe('VP_PROJECT_DUPLICATE');
    expect(error?.message).toContain('other.ts:2');
    expect(error?.message).toContain('users.ts:2');
  });

  test('no asset is an error that says where was looked', async () => {
    await write({ 'pipeline.ts': 'export const nothing = 1;' });
    expect((await load()).error).toMatchObject({
      code: 'VP_PROJECT_EMPTY',
      message: expect.stringContaining('pipeline.ts'),
    });
    expect((await load(undefined, ['flows'])).error?.code).toBe('VP_PROJECT_PATH_MISSING');
  });
});

describe('loading a closure', () => {
  test('with an index, only the modules of the wanted assets are run', async () => {
    await write(shop);
    await load();
    const outcome = await load(['daily']);
    expect(outcome.modules).toEqual(['assets/orders.ts']);
    expect(names(outcome)).toEqual(['daily', 'orders']);
  });

  test('the publish of a wanted asset comes along, wherever it is defined', async () => {
    await write(shop);
    await load();
    const outcome = await load(['shop.late']);
    expect(outcome.pipeline?.publish).toHaveLength(1);
    expect(outcome.modules).toEqual(['pipeline.ts', 'assets/shop/late.ts'].slice(0, outcome.modules?.length));
  });

  test('a module that throws is not run once it is indexed, and does no harm before', async () => {
    const broken = 'console.error("ran"); throw new Error("boom");';
    await write({ ...shop, 'assets/broken.ts': broken });
    const first = await load(['daily']);
    expect(names(first)).toEqual(['daily', 'orders']);
    expect(first.skipped?.map((error) => error.at?.file)).toEqual(['assets/broken.ts']);
    await write({ 'assets/broken.ts': 'export {};' });
    await load();
    await write({
      'node_modules/dep/package.json': '{"name":"dep","type":"module","exports":"./i.js"}',
      'node_modules/dep/i.js': '',
    });
    await write({ 'assets/broken.ts': 'import "dep";' });
    await load();
    await write({ 'node_modules/dep/i.js': 'throw new Error("boom")' });
    expect(await load(['daily'])).toMatchObject({ modules: ['assets/orders.ts'], skipped: [] });
    expect((await load()).error?.code).toBe('VP_PROJECT_MODULE_FAILED');
  });

  test('a changed module is read again', async () => {
    await write(shop);
    await load();
    await write({ 'assets/users.ts': shop['assets/users.ts'].replaceAll('users', 'people') });
    expect(names(await load(['people']))).toEqual(['people']);
    const { error } = await load(['users']);
    expect(error).toMatchObject({ code: 'VP_PROJECT_ASSET_UNKNOWN' });
  });

  test('an asset that comes from a changed import of an unchanged module is found', async () => {
    const factory = (name: string) =>
      `import { asset, sql } from 'vibepiper'; export const made = asset('${name}', { sql: sql\`select 1\` });`;
    await write({ 'lib/factory.ts': factory('before'), 'assets/a.ts': "export * from '../lib/factory.ts';" });
    await load();
    await write({ 'lib/factory.ts': factory('after') });
    expect(names(await load(['after']))).toEqual(['after']);
    expect((await load(['before'])).error?.code).toBe('VP_PROJECT_ASSET_UNKNOWN');
  });

  test('an unknown asset is answered with the near one; one in a module that fails, with the fault', async () => {
    await write(shop);
    expect((await load(['oders'])).error).toMatchObject({
      hint: 'Did you mean "orders"?',
    });
    await write({ 'assets/x.ts': 'enum A { B }' });
    expect((await load(['x'])).error?.code).toBe('VP_PROJECT_TYPESCRIPT');
  });
});

describe('modules that cannot be loaded', () => {
  test.each([
    ['const a = 1;\nenum X { A }', 'VP_PROJECT_TYPESCRIPT', 2, 'enum'],
    ['const a = 1;\nconst b = ;', 'VP_PROJECT_SYNTAX', 2, 'Expression expected'],
    ["import { a } from 'nope';", 'VP_PROJECT_IMPORT_MISSING', undefined, '"nope"'],
    ["import { a } from './nope.ts';", 'VP_PROJECT_IMPORT_MISSING', undefined, 'nope.ts'],
    ["\nimport { assett } from 'vibepiper';", 'VP_PROJECT_IMPORT_MISSING', 2, 'assett'],
    ['const f = () => { throw new Error("boom"); };\nf();', 'VP_PROJECT_MODULE_FAILED', 1, 'boom'],
    ['throw undefined;', 'VP_PROJECT_MODULE_FAILED', undefined, 'undefined'],
    [
      "\nimport { asset } from 'vibepiper';\nasset('x', { sorce: 1 } as never);",
      'VP_AUTHORING_OPTION_UNKNOWN',
      3,
      'sorce',
    ],
  ])('%j', async (text, code, line, words) => {
    await write({ 'pipeline.ts': text });
    const { error } = await load();
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(words);
    expect(error?.at).toMatchObject({ file: 'pipeline.ts', ...(line === undefined ? {} : { line }) });
  });

  test('a misspelt function of the authoring API is answered with the near one', async () => {
    await write({
      'pipeline.ts': "import { t } from 'vibepiper';\nexport const columns = { day: t.dat() };",
    });
    expect((await load()).error).toMatchObject({
      code: 'VP_PROJECT_MODULE_FAILED',
      hint: 'Did you mean "date"?',
      at: { file: 'pipeline.ts', line: 2 },
    });
  });

  test('TypeScript below node_modules is refused with the reason', async () => {
    await write({
      'node_modules/dep/package.json': '{"name":"dep","type":"module","exports":"./i.ts"}',
      'node_modules/dep/i.ts': 'export const a: number = 1;',
      'pipeline.ts': "import { a } from 'dep'; export { a };",
    });
    expect((await load()).error).toMatchObject({
      code: 'VP_PROJECT_NODE_MODULES',
      message: expect.stringContaining('dep'),
    });
  });
});

describe('SQL files', () => {
  test.each([
    ['-- descripton: x\nselect 1', 1, 'Did you mean "description"?'],
    ['select 1\nfrom $'.concat('{Orders!}'), 2, 'A hole names an asset'],
    ['-- check: not null\nselect 1', 1, 'Write for example'],
    ['-- partitions: dayly 2026-01-01\nselect 1', 1, 'Did you mean "daily"?'],
    ['select $'.concat('{partition.start}'), 1, 'daily'],
  ])('%j', async (text, line, hint) => {
    await write({ 'assets/x.sql': text });
    const { error } = await load();
    expect(error?.at).toEqual({ file: 'assets/x.sql', line });
    expect(error?.hint).toContain(hint);
  });

  test('an input knows the hole that names it', async () => {
    await write({ 'assets/x.sql': 'select *\nfrom $'.concat('{ orders }') });
    const asset = (await load()).pipeline?.assets.find(({ name }) => name === 'x');
    expect(asset?.inputs).toMatchObject([
      { asset: 'orders', origin: { file: 'assets/x.sql', line: 2, column: 6 } },
    ]);
  });

  test('formatting and comments do not change the code version, the query does', async () => {
    const version = async (text: string) => {
      await write({ 'assets/x.sql': text });
      return (await load()).pipeline?.assets[0]?.codeVersion;
    };
    const first = await version("select 'a  b' as x\n");
    expect(await version("-- new comment\nselect   'a  b'\n as x -- end\n")).toBe(first);
    expect(await version("select 'a b' as x")).not.toBe(first);
  });
});
