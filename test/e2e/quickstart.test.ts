import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan, RunSummary } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installQuickstart } from '../../scripts/lib/quickstart-project.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

const root = dirname(dirname(import.meta.dirname));
let cwd: string;
let registry: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'quickstart');
  registry = await installQuickstart({ folder: cwd, port: 0 });
  // Only what a pipeline imports: the plugins are those that were installed.
  linkPackages(['vibepiper', 'typescript', '@types/node']);
}, 60_000);

afterAll(() => dispose());

function linkPackages(names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(cwd, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(cwd, 'node_modules', name));
  }
}

test('its plugins come from the registry, which is stopped: locked, verified, with their badges', async () => {
  await expect(fetch(registry)).rejects.toThrow();
  const listed = await vpJson<readonly { name: string; state: string; directory: string }[]>(
    ['plugins', 'list'],
    { cwd },
  );
  expect(listed.data).toHaveLength(8);
  for (const { name, state, directory } of listed.data) {
    expect(state, name).not.toBe('failed');
    expect(directory, name).toContain('.vp/plugins/');
  }
  const lock = JSON.parse(readFileSync(join(cwd, 'vp.lock'), 'utf8'));
  expect(lock.plugins['@vp/files']).toMatchObject({ registry, signature: { sig: expect.any(String) } });
  const verified = await vp(['plugins', 'verify'], { cwd });
  expect(verified.code, verified.stderr).toBe(0);
});

test('the quickstart compiles, with the options of its plugins checked', () => {
  const { status, stdout } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', cwd], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);

  // An installed plugin stands on a tree of its own, and its options are known all the same.
  const wrong = join(cwd, 'wrong.ts');
  writeFileSync(
    wrong,
    "import { source } from 'vibepiper';\nsource('files', { pth: 'data/airports.csv' });\n",
  );
  const refused = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', cwd], { encoding: 'utf8' });
  rmSync(wrong);
  expect(refused.stdout).toMatch(/wrong\.ts\(2,19\): error TS\d+: .*'pth' does not exist/);
});

test('it runs on its real data, warns of the true fault in it, and then is up to date', async () => {
  const { code, data } = await vpJson<RunSummary>(['run'], { cwd });
  expect(code).toBe(0);
  expect(data.run).toMatchObject({ status: 'succeeded', steps: { total: 16, succeeded: 16 } });
  const rows = Object.fromEntries(data.results.map((result) => [result.stepId, result.rows]));
  expect(rows).toMatchObject({
    flights: 3_000_000,
    airports: 3376,
    'daily_flights@date=2001-02': 6222,
    seattle_days: 181,
    seattle_months: 6,
    'publish:airport_delays->parquet': 229,
  });
  const failed = data.results
    .flatMap((result) => result.checks ?? [])
    .filter((check) => check.status !== 'passed');
  expect(failed).toMatchObject([{ rule: 'between', severity: 'warn', status: 'failed', failures: 3 }]);
  expect(readFileSync(join(cwd, 'out/seattle_months.csv'), 'utf8')).toMatch(
    /^month,flights,mean_precipitation,poor_days\n1,\d+,/,
  );
  expect(existsSync(join(cwd, 'out/airport_delays.parquet'))).toBe(true);

  const again = await vpJson<Plan>(['plan'], { cwd });
  expect(again.data.steps.filter((step) => step.action === 'run')).toEqual([]);
});

test('its own test passes', async () => {
  const { code, stdout, stderr } = await vp(['test'], { cwd });
  expect(code, stdout + stderr).toBe(0);
});
