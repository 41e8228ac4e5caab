import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VpErrorJson } from '@vp/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let folder: string;
let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  ({ path: folder, dispose } = await temporaryFolder());
  cwd = join(folder, 'shop');
  await vp(['init', 'shop'], { cwd: folder });
});
afterAll(() => dispose());

interface Failure {
  readonly error: VpErrorJson;
}

describe('each wrong word is exit code 2, with the code and the remedy', () => {
  test.each<readonly [args: readonly string[], code: string, hint: string]>([
    [['rnu'], 'VP_CLI_COMMAND_UNKNOWN', 'Did you mean "run"?'],
    [['runs', 'lits'], 'VP_CLI_COMMAND_UNKNOWN', 'Did you mean "list"?'],
    [['--josn'], 'VP_CLI_COMMAND_UNKNOWN', 'A command comes first'],
    [['run', '--fro-failed'], 'VP_CLI_FLAG_UNKNOWN', 'Did you mean "--from-failed"?'],
    [['show'], 'VP_CLI_ARGUMENT_MISSING', 'vp show --help'],
    [['show', 'a', 'b'], 'VP_CLI_ARGUMENT_UNEXPECTED', 'vp show --help'],
    [['show', 'a', '--limit', 'many'], 'VP_CLI_VALUE_INVALID', 'vp show --help'],
    [['show', 'a', '--limit', '0'], 'VP_CLI_VALUE_INVALID', 'vp show --help'],
    [['query', 'select 1', '--format', 'cvs'], 'VP_CLI_VALUE_INVALID', 'Did you mean "csv"?'],
    [['query', ' ; '], 'VP_CLI_QUERY_EMPTY', 'vp query'],
    [['show', 'wether'], 'VP_CLI_ASSET_UNKNOWN', 'Did you mean "weather"?'],
    [['show', 'weather'], 'VP_CLI_NO_DATA', 'vp run weather'],
    [['show', 'weather', '--partition', 'x'], 'VP_CLI_NOT_PARTITIONED', 'vp show weather'],
    [['test', 'pipelien'], 'VP_CLI_NO_TESTS', 'Did you mean "pipeline"?'],
    [['test', 'nosuch'], 'VP_CLI_NO_TESTS', 'There is: "pipeline.test.ts"'],
    [['run', 'wether'], 'VP_PROJECT_ASSET_UNKNOWN', 'Did you mean "weather"?'],
    [['run', '+wether'], 'VP_SELECTION_EMPTY', 'Did you mean "weather"?'],
    [['run', 'weather', '--exclude', 'weather'], 'VP_SELECTION_EMPTY', 'remove everything'],
    [['lineage', 'day'], 'VP_CLI_ASSET_UNKNOWN', 'Did you mean "days"?'],
    [['plugins', 'why', 'file'], 'VP_CLI_PLUGIN_UNKNOWN', 'Did you mean "files"?'],
    [['config', 'get', 'checks.sample_sice'], 'VP_CONFIG_NO_SUCH_KEY', 'sample_size'],
    [
      ['config', 'explain', 'engine.duckdb.memry_limit'],
      'VP_CLI_CONFIG_UNKNOWN',
      'Did you mean "memory_limit"?',
    ],
    [['config', 'explain', 'engine.duckbd'], 'VP_CLI_CONFIG_UNKNOWN', 'Did you mean "engine.duckdb"?'],
    [['plan', '--env', 'prdo'], 'VP_CONFIG_ENVIRONMENT_UNKNOWN', 'prdo'],
    [['plan', '--set', 'nonsense'], 'VP_CONFIG_BAD_FLAG', '--set'],
    [['runs', 'show', 'nosuch'], 'VP_CLI_RUN_UNKNOWN', 'vp runs list'],
    [['init', 'shop'], 'VP_CLI_FOLDER_NOT_EMPTY', 'does not exist yet'],
    [['init', '1shop'], 'VP_CLI_NAME_INVALID', '--name'],
  ])('vp %j', async (args, code, hint) => {
    const at = args[0] === 'init' ? folder : cwd;
    const { code: exit, data } = await vpJson<Failure>(args, { cwd: at });
    expect(data.error).toMatchObject({ code, class: 'user' });
    expect(data.error.hint).toContain(hint);
    expect(data.error.docs).toBe(`errors.md#${code.toLowerCase()}`);
    expect(exit).toBe(2);
  });
});

test('on a terminal an error is text on standard error: code, message, place with the line, remedy; no stack', async () => {
  const file = join(cwd, 'pipeline.ts');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('t.float64(),', 't.flaot64(),'));
  const { code, stdout, stderr } = await vp(['plan'], { cwd });
  const debug = await vp(['plan', '--debug'], { cwd });
  writeFileSync(file, before);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^error VP_PROJECT_MODULE_FAILED/);
  expect(stderr).toMatch(
    /at pipeline\.ts:\d+:\d+\n.*\n {2}> +\d+ \| +precipitation: t\.flaot64\(\),\n +\| +\^/,
  );
  expect(stderr).toMatch(/\nnext {2}/);
  expect(stderr).toMatch(/\ndocs {2}\/.*\/docs\/errors\.md#vp_project_module_failed\n$/);
  expect(stderr).not.toMatch(/^ +at .*\.js/m);
  expect(debug.stderr).toMatch(/^ +at .*\.js/m);
});

test('outside a project, commands say how to get one; help and version do not need one', async () => {
  const { code, data } = await vpJson<Failure>(['plan'], { cwd: folder });
  expect([code, data.error.code]).toEqual([3, 'VP_PROJECT_NOT_FOUND']);
  const misspelt = await vpJson<Failure>(['plan', '--project', 'shopp'], { cwd: folder });
  expect([misspelt.code, misspelt.data.error.code]).toEqual([3, 'VP_PROJECT_FOLDER_MISSING']);
  expect((await vp(['--verson'], { cwd: folder })).stderr).toContain('Did you mean "--version"?');
  expect(await vp(['--version'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^vp \d+\.\d+\.\d+\n$/),
  });
  expect(await vp([], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Usage\n {2}vp <command>/),
  });
  expect(await vp(['runs'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('runs cancel'),
  });
});

test('--project works from anywhere, also before the command', async () => {
  const after = await vpJson(['plan', '--project', cwd], { cwd: folder });
  const before = await vpJson(['--project', cwd, 'plan'], { cwd: folder });
  expect(after).toMatchObject({ code: 0, data: { project: 'shop' } });
  expect(before).toMatchObject({ code: 0, data: { project: 'shop' } });
});

test('a dry run writes nothing', async () => {
  const made = await vp(['init', 'other', '--dry-run'], { cwd: folder });
  expect(made.stdout).toMatch(/Would create other\n {2}other\//);
  expect(existsSync(join(folder, 'other'))).toBe(false);

  await vp(['run', '--dry-run'], { cwd });
  expect(existsSync(join(cwd, '.vp', 'data', 'weather'))).toBe(false);
  const runs = await vpJson<readonly object[]>(['runs', 'list'], { cwd });
  expect(runs.data).toEqual([]);
});

test('a vp.toml that is no TOML is shown with its line, and help goes on without the plugins', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'vp.toml'), '[project]\nname = "x\n');
  const { code, data } = await vpJson<Failure>(['plan'], { cwd: broken });
  expect([code, data.error.code]).toEqual([3, 'VP_PROJECT_TOML']);
  expect(data.error.at).toMatchObject({ file: 'vp.toml', line: 2 });
  const help = await vp(['--help'], { cwd: broken });
  expect([help.code, help.stderr]).toEqual([0, expect.stringMatching(/Commands of plugins are not shown/)]);
  expect(readdirSync(broken)).toEqual(['vp.toml']);
});

test('FORCE_COLOR colours where no terminal is', async () => {
  const { stdout } = await vp(['--help'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '' } });
  expect(stdout).toContain('\u001b[');
});
