import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary, VpErrorJson } from '@vp/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { errorOf, expectRefused } from './lib/faults.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let folder: string;
let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  ({ path: folder, dispose } = await temporaryFolder());
  cwd = join(folder, 'shop');
  await vp(['init', 'shop'], { cwd: folder });
  for (const file of ['pipeline.ts', 'vp.toml']) cpSync(join(cwd, file), join(folder, file));
});
afterEach(() => {
  for (const file of ['pipeline.ts', 'vp.toml']) cpSync(join(folder, file), join(cwd, file));
  rmSync(join(cwd, 'assets'), { recursive: true, force: true });
});
afterAll(() => dispose());

interface Failure {
  readonly error: VpErrorJson;
}

/** What stands for an asset in the text of a `.sql` file. */
const hole = (asset: string) => `\${${asset}}`;

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(cwd, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(
    join(cwd, file),
    text.replace(from, () => to),
  );
}

const append = (text: string) =>
  writeFileSync(join(cwd, 'vp.toml'), `${readFileSync(join(cwd, 'vp.toml'))}${text}`);

function sqlAssets(assets: Readonly<Record<string, string>>): void {
  mkdirSync(join(cwd, 'assets'));
  for (const [name, text] of Object.entries(assets)) writeFileSync(join(cwd, 'assets', `${name}.sql`), text);
  edit('vp.toml', '["pipeline.ts"]', '["assets"]');
}

describe('a wrong pipeline is refused as a whole: exit code 3, the place, and what was meant', () => {
  test.each<readonly [from: string, to: string, code: string, text: RegExp]>([
    ["unique('date')", "unique('dat')", 'VP_AUTHORING_COLUMN_UNKNOWN', /Did you mean "date"\?/],
    ["key: ['date']", "key: ['dat']", 'VP_AUTHORING_COLUMN_UNKNOWN', /Did you mean "date"\?/],
    ["key: ['date']", "keys: ['date']", 'VP_AUTHORING_OPTION_UNKNOWN', /Did you mean "key"\?/],
    ['days.columns.kind', 'days.columns.kid', 'VP_AUTHORING_COLUMN_UNKNOWN', /Did you mean "kind"\?/],
    [
      'rowCount({ min: 1 })',
      'rowCount({ mn: 1 } as never)',
      'VP_AUTHORING_OPTION_UNKNOWN',
      /Did you mean "min"\?/,
    ],
    ["source('files'", "source('file'", 'VP_CONTRIBUTION_UNKNOWN', /Did you mean "files"\?/],
    ["sink('csv'", "sink('cvs'", 'VP_CONTRIBUTION_UNKNOWN', /Did you mean "csv"\?/],
    ["path: 'data/", "pth: 'data/", 'VP_PIPELINE_INVALID', /no key "pth". Did you mean "path"\?/],
    [
      "path: 'out/",
      "path: 3, pat: 'out/",
      'VP_PIPELINE_INVALID',
      /\/path: expected string(.|\n)*Did you mean "path"\?/,
    ],
    ['export const days', 'export const = days', 'VP_PROJECT_SYNTAX', /cannot be parsed/],
    ["from 'vibepiper'", "from 'vibepipr'", 'VP_PROJECT_IMPORT_MISSING', /"vibepipr", which does not exist/],
    ['/** SQL over', 'enum Kind { a }\n/** SQL over', 'VP_PROJECT_TYPESCRIPT', /as const/],
  ])('%s -> %s', async (from, to, code, text) => {
    edit('pipeline.ts', from, to);
    const answer = await vpJson<Failure>(['plan'], { cwd });
    // What a syntax error needs is its place; the parser says no more.
    if (code === 'VP_PROJECT_SYNTAX') {
      expect(answer).toMatchObject({
        code: 3,
        data: { error: { code, at: { file: 'pipeline.ts', line: 34 } } },
      });
      return;
    }
    const error = expectRefused(answer);
    expect(error).toMatchObject({ code, at: { file: 'pipeline.ts' } });
    expect(`${error.message} ${error.hint}`).toMatch(text);
    expect(answer.code).toBe(3);
  });

  test.each<readonly [assets: Readonly<Record<string, string>>, code: string, text: RegExp]>([
    [{ a: `select * from ${hole('b')}`, b: `select * from ${hole('a')}` }, 'VP_ASSET_CYCLE', /a -> b -> a/],
    [{ a: `select * from ${hole('a')}` }, 'VP_ASSET_CYCLE', /a -> a/],
    [
      { orders: 'select 1 as x', b: `select * from ${hole('ordrs')}` },
      'VP_ASSET_UNKNOWN',
      /Did you mean "orders"\?/,
    ],
    [{ a: '-- check: not_nul(x)\nselect 1 as x' }, 'VP_CHECK_RULE_UNKNOWN', /Did you mean "not_null"\?/],
    [{ a: '-- chek: not_null(x)\nselect 1 as x' }, 'VP_PROJECT_SQL_FILE', /Did you mean "check"\?/],
  ])('%j', async (assets, code, text) => {
    sqlAssets(assets);
    const answer = await vpJson<Failure>(['run'], { cwd });
    const error = expectRefused(answer);
    expect(error).toMatchObject({ code, at: { file: expect.stringMatching(/^assets\/\w+\.sql$/) } });
    expect(`${error.message} ${error.hint}`).toMatch(text);
  });

  test('nothing to run is never a quiet success', async () => {
    writeFileSync(join(cwd, 'pipeline.ts'), 'export const nothing = 1;\n');
    for (const command of ['plan', 'run']) {
      const error = expectRefused(await vpJson<Failure>([command], { cwd }), 'anywhere');
      expect(error).toMatchObject({ code: 'VP_PROJECT_EMPTY', class: 'config' });
    }
  });

  test.each<readonly [args: readonly string[], code: string, text: RegExp]>([
    [['--exclude', 'wether'], 'VP_SELECTION_EMPTY', /Did you mean "weather"\?/],
    [['--select', 'tag:nope'], 'VP_SELECTION_EMPTY', /tag:nope/],
    [['--select', 'source:fils'], 'VP_SELECTION_EMPTY', /Did you mean "files"\?/],
    [['--partition', '2001'], 'VP_PARTITION_UNKNOWN', /2001-03/],
    [['--from-failed'], 'VP_PLAN_NO_RUNS', /vp run/],
  ])('run %j', async (args, code, text) => {
    const error = expectRefused(await vpJson<Failure>(['run', ...args], { cwd }), 'anywhere');
    expect(error).toMatchObject({ code, class: 'user' });
    expect(`${error.message} ${error.hint}`).toMatch(text);
  });
});

describe('a wrong vp.toml: exit code 3, line and column, and what was meant', () => {
  test.each<readonly [text: string, code: string, hint: RegExp]>([
    ['[engine.duckdb]\nmemory_limt = "2GB"', 'VP_CONFIG_UNKNOWN_KEY', /"memory_limit"\?/],
    ['[engine.duckdb]\nmemory_limit = "2 potatoes"', 'VP_CONFIG_INVALID', /2GB/],
    ['[engine.duckdb]\nthreads = "many"', 'VP_CONFIG_INVALID', /expected number/],
    ['[engine.duckbd]\nthreads = 1', 'VP_CONFIG_UNKNOWN_SECTION', /"duckdb"\?/],
    ['[cheks]\nsample_size = 1', 'VP_CONFIG_UNKNOWN_KEY', /"checks"\?/],
    ['[bindings]\nengin = "duckdb"', 'VP_CONFIG_UNKNOWN_KEY', /"engine"\?/],
    ['[bindings]\nengine = "duckbd"', 'VP_REFERENCE_UNKNOWN', /"duckdb"\?/],
    ['[[alerts]]\nto = ["consol"]', 'VP_REFERENCE_UNKNOWN', /"console"\?/],
    ['[[alerts]]\nseverity = ["eror"]\nto = ["console"]', 'VP_CONFIG_INVALID', /"error"\?/],
  ])('%s', async (text, code, hint) => {
    append(`\n${text}\n`);
    const error = expectRefused(await vpJson<Failure>(['run'], { cwd }));
    expect(error).toMatchObject({ code, class: 'config', at: { file: 'vp.toml', line: expect.any(Number) } });
    expect(`${error.message} ${error.hint}`).toMatch(hint);
  });

  test('a missing part of the deployment is named before anything runs', async () => {
    edit('vp.toml', '"@vp/executor-local" = "^1.0.0"\n', '');
    const answer = await vp(['run'], { cwd });
    expect(answer.code).toBe(3);
    expect(answer.stdout + answer.stderr).toMatch(
      /VP_CONTRIBUTION_NONE(.|\n)*an executor, and one is needed/,
    );
  });

  test('a plugin that is broken takes what needs it along, and nothing else', async () => {
    edit('vp.toml', '"@vp/transform-ts" = "^1.0.0"', '"@vp/transform-ts" = "^9.0.0"');
    const answer = await vp(['run', 'days'], { cwd });
    expect(answer.code).toBe(3);
    expect(answer.stderr).toMatch(/\^9\.0\.0.*1\.0\.0/);
    const healthy = await vpJson<RunSummary>(['run', 'weather'], { cwd });
    expect(healthy.code).toBe(0);
    expect(healthy.data.results).toMatchObject([{ stepId: 'weather', rows: 60 }]);
  });
});

describe('what only shows when it runs fails its step alone, at the place of the asset', () => {
  test.each<readonly [from: string, to: string, step: string, code: string, exit: number, text: RegExp]>([
    ['round(avg(', 'round(avgg(', 'weather_kinds', 'VP_DUCKDB_SQL', 2, /Did you mean "avg"\?/],
    [
      'count(*) as days',
      'count(kid) as days',
      'weather_kinds',
      'VP_DUCKDB_COLUMN_UNKNOWN',
      2,
      /Did you mean "kind"\?/,
    ],
    ['group by all', 'group all', 'weather_kinds', 'VP_DUCKDB_SQL_SYNTAX', 2, /near "all"/],
    [
      'kind: day.weather',
      'kid: day.weather',
      'days',
      'VP_TS_COLUMN_MISSING',
      1,
      /It has "kid": is that it\?/,
    ],
    [
      'date: day.date,',
      'date: (null as unknown as Date).getTime(),',
      'days',
      'VP_TS_THREW',
      1,
      /input row 1 \(pipeline\.ts:\d+\)/,
    ],
    ['temp_min: t.float64()', 'temp_min: t.bool()', 'weather', 'VP_DUCKDB_VALUE', 1, /temp_min/],
  ])('%s -> %s', async (from, to, step, code, exit, text) => {
    edit('pipeline.ts', from, to);
    const answer = await vpJson<RunSummary>(['run'], { cwd });
    const error = errorOf(answer.data, step);
    expect(error).toMatchObject({ code, message: expect.stringMatching(text) });
    // The engine only pulls what the user's function gives.
    if (code.startsWith('VP_TS_')) expect(error.plugin).toMatch(/^@vp\/transform-ts@/);
    expect(answer.code).toBe(exit);
    const others = answer.data.results.filter(({ stepId }) => stepId !== step);
    expect(others.map(({ status }) => status).every((status) => status !== 'failed')).toBe(true);
    expect(others.map(({ status }) => status)).toContain('blocked');
  });
});
