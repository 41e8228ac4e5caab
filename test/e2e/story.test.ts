import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, RunRecord, RunSummary } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  const { code, stdout } = await vp(['init', 'shop'], { cwd: folder.path });
  expect(code).toBe(0);
  expect(stdout).toContain('vp plan');
});

afterAll(() => dispose());

const edit = (file: string, from: string, to: string) => {
  const path = join(cwd, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};

const fates = (plan: Plan) =>
  Object.fromEntries(plan.steps.map(({ id, action, reason }) => [id, `${action} ${reason.code}`]));

test('a new project runs as generated, and what changes is run again and can be compared', async () => {
  const planned = await vp(['plan'], { cwd });
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/run +weather +new +duckdb +files csv -> duckdb/);

  const ran = await vp(['run'], { cwd });
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/weather_kinds +ok +3 /);
  expect(ran.stdout).toMatch(/publish:weather_kinds->csv +ok .*out\/weather_kinds\.csv/);
  expect(ran.stdout).toMatch(/warning weather: .*12 of 60 rows/);
  expect(ran.stdout).toMatch(/Next:\n( {4}vp .*\n){3}/);
  expect(ran.stdout + ran.stderr).not.toContain('\u001b[');

  const rows = await vpJson<{ rows: readonly object[]; total: number }>(['show', 'days', '--limit', '2'], {
    cwd,
  });
  expect(rows.data).toMatchObject({
    total: 60,
    rows: [{ date: '2012-01-01', kind: 'rain', is_wet: false }, {}],
  });

  const csv = await vp(['query', 'select kind, days from weather_kinds order by kind', '--format', 'csv'], {
    cwd,
  });
  expect(csv.stdout).toMatch(/^kind,days\nrain,\d+\nsnow,\d+\nsun,\d+\n$/);

  const again = await vpJson<RunSummary>(['run'], { cwd });
  expect(again.data.run.steps).toMatchObject({ total: 4, skipped: 4 });

  edit('pipeline.ts', 'day.precipitation > 0', 'day.precipitation > 1');
  const why = await vpJson<Plan>(['plan', '--why'], { cwd });
  expect(fates(why.data)).toEqual({
    weather: 'skip fresh',
    days: 'run changed',
    weather_kinds: 'run upstream',
    'publish:weather_kinds->csv': 'run upstream',
  });
  const text = await vp(['plan', '--why'], { cwd });
  expect(text.stdout).toMatch(/run +days +changed +changed: code/);

  const closure = await vpJson<RunSummary>(['run', 'days'], { cwd });
  expect(closure.data.results.map(({ stepId, status }) => [stepId, status])).toEqual([['days', 'succeeded']]);

  const diff = await vpJson(['diff', 'days', '--key', 'date'], { cwd });
  expect(diff.data).toMatchObject({
    schema: [],
    rows: { before: 60, after: 60 },
    added: { count: 0 },
    removed: { count: 0 },
    changed: { count: 7 },
  });
  const shown = await vp(['diff', 'days', '--key', 'date'], { cwd });
  expect(shown.stdout).toMatch(/~7 changed/);
  expect(shown.stdout).toMatch(/true -> false/);
});

test('what a helper in another module does is code of the asset that uses it, and of no other', async () => {
  const lib = join(cwd, 'lib');
  mkdirSync(lib);
  const before = readFileSync(join(cwd, 'pipeline.ts'), 'utf8');
  const helper = (limit: number) =>
    writeFileSync(join(lib, 'wet.ts'), `export const isWet = (rain: number): boolean => rain > ${limit};\n`);
  helper(1);
  writeFileSync(join(cwd, 'pipeline.ts'), `import { isWet } from './lib/wet.ts';\n${before}`);
  edit('pipeline.ts', 'day.precipitation > 1', 'isWet(day.precipitation)');
  const first = await vp(['run'], { cwd });
  expect(first.code, first.stdout + first.stderr).toBe(0);
  helper(2);
  edit('pipeline.ts', 'select ${days', '-- the same question\n    select ${days');
  const changed = await vp(['plan', '--why'], { cwd });
  expect(changed.stdout).toMatch(/skip +weather +fresh/);
  expect(changed.stdout).toMatch(/run +days +changed +changed: code/);
  expect(changed.stdout).toMatch(/run +weather_kinds +upstream/);
  writeFileSync(join(cwd, 'pipeline.ts'), before);
  const back = await vp(['run'], { cwd });
  expect(back.code, back.stdout + back.stderr).toBe(0);
});

test('it compiles as the editor sees it, and a renamed column does not', async () => {
  const tsc = () => spawnSync('tsc', ['-p', '.', '--pretty', 'false'], { cwd, encoding: 'utf8' });
  expect(tsc()).toMatchObject({ stdout: '', status: 0 });
  const before = readFileSync(join(cwd, 'pipeline.ts'), 'utf8');
  edit('pipeline.ts', '    precipitation: t.float64()', '    rain: t.float64()');
  const renamed = tsc();
  writeFileSync(join(cwd, 'pipeline.ts'), before);
  expect(renamed.stdout).toMatch(/^pipeline\.ts\(\d+,\d+\): error TS.*'precipitation'/m);
});

test('its test passes; one that fails, and none at all, are failures', async () => {
  const passed = await vpJson(['test'], { cwd });
  expect(passed).toMatchObject({ code: 0, data: { passed: 2, failed: 0, files: ['pipeline.test.ts'] } });

  writeFileSync(
    join(cwd, 'broken.test.ts'),
    "import { test } from 'node:test';\ntest('breaks', () => { throw new Error('broken'); });\n",
  );
  const failed = await vpJson(['test', 'broken'], { cwd });
  expect(failed).toMatchObject({
    code: 1,
    data: { passed: 0, failed: 1, tests: [{ name: 'breaks', status: 'failed', message: 'broken' }] },
  });

  const none = await vpJson(['test', 'nowhere'], { cwd });
  expect(none).toMatchObject({ code: 2, data: { error: { code: 'VP_CLI_NO_TESTS' } } });
});

test('a failed step says why and where, blocks what follows, and the run is resumed from it', async () => {
  edit('pipeline.ts', 'round(avg(', 'rround(avg(');
  const failed = await vp(['run'], { cwd });
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toMatch(/weather_kinds +FAILED/);
  expect(failed.stdout).toMatch(/publish:weather_kinds->csv +blocked/);
  expect(failed.stdout).toContain('vp run --from-failed');

  const [newest] = (await vpJson<readonly RunRecord[]>(['runs', 'list', '--status', 'failed'], { cwd })).data;
  expect(newest).toMatchObject({ status: 'failed', steps: { failed: 1, blocked: 1 } });
  const one = await vpJson<RunSummary>(['runs', 'show', newest?.id.slice(0, 16) ?? ''], { cwd });
  expect(one.data.results.find(({ stepId }) => stepId === 'weather_kinds')?.error?.hint).toBeTruthy();
  const logs = await vp(['runs', 'logs', 'latest'], { cwd });
  expect(logs.stdout).toMatch(/step\.finished weather_kinds failed/);

  edit('pipeline.ts', 'rround(avg(', 'round(avg(');
  const resumed = await vpJson<RunSummary>(['run', '--from-failed'], { cwd });
  expect(resumed.code).toBe(0);
  expect(resumed.data.results.map(({ stepId }) => stepId)).toEqual([
    'weather_kinds',
    'publish:weather_kinds->csv',
  ]);
});

test('lineage, plugins and configuration explain themselves', async () => {
  const lineage = await vp(['lineage', 'days', '--up', '--down'], { cwd });
  expect(lineage.stdout).toMatch(/days is made from\n└─ weather\n {3}└─ files data\/weather\.csv \(source\)/);
  const mermaid = await vp(['lineage', '--mermaid'], { cwd });
  expect(mermaid.stdout).toMatch(/^graph LR\n/);

  const plugins = await vpJson<readonly { readonly name: string }[]>(['plugins', 'list'], { cwd });
  expect(plugins.data.map(({ name }) => name)).toContain('@vp/duckdb');
  const why = await vp(['plugins', 'why', 'files'], { cwd });
  expect(why.stdout).toMatch(/used by +weather/);

  const explained = await vp(['config', 'explain', 'checks.sample_size', '--set', 'checks.sample_size=7'], {
    cwd,
    env: { VP_CHECKS__SAMPLE_SIZE: '6' },
  });
  expect(explained.stdout).toMatch(
    /sample_size = 7\n.*defaults.*\n.*VP_CHECKS__SAMPLE_SIZE\n {2}\* flags +7 +--set/,
  );
  const got = await vpJson(['config', 'get', 'project'], { cwd });
  expect(got.data).toMatchObject({ 'project.name': 'shop' });
});

test('doctor finds nothing wrong in a new project, and names each fault with its fix in a broken one', async () => {
  const well = await vpJson<{ readonly findings: readonly { readonly what: string }[] }>(['doctor'], { cwd });
  expect(well).toMatchObject({ code: 0, data: { ok: true } });
  expect(well.data.findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'node',
      'project',
      'disk',
      'state folder',
      'clock',
      'plugins',
      'store',
      'engine duckdb',
      'pipeline',
    ]),
  );
  const before = readFileSync(join(cwd, 'vp.toml'), 'utf8');
  writeFileSync(
    join(cwd, 'vp.toml'),
    `${before}\n[connections.shop]\nuse = "postgres"\n[plugins."@vp/nowhere"]\nversion = "1"\n`,
  );
  const ill = await vpJson<{ readonly findings: readonly Record<string, string>[] }>(['doctor'], { cwd });
  writeFileSync(join(cwd, 'vp.toml'), before);
  expect(ill.code).toBe(3);
  const errors = ill.data.findings.filter(({ status }) => status === 'error');
  expect(errors.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['plugin @vp/nowhere', 'connection shop']),
  );
  expect(errors.every(({ fix }) => fix)).toBe(true);
});

test('columns of a source are pulled as a module that can be its schema', async () => {
  const pulled = await vpJson<{ readonly files: readonly { readonly text: string }[] }>(
    ['types', 'pull', 'weather', '--dry-run'],
    { cwd },
  );
  expect(pulled.data.files[0]?.text).toContain('  precipitation: t.float64().nullable(),');
  const none = await vpJson(['types', 'pull', 'days'], { cwd });
  expect(none).toMatchObject({ code: 2, data: { error: { code: 'VP_CLI_NOT_A_SOURCE' } } });
});
