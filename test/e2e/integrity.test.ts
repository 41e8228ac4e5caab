import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killListFile } from '@vp/contracts/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInstalledProject, type InstalledProject } from './lib/installed-project.ts';
import { vp, vpJson } from './lib/vp.ts';

let project: InstalledProject;
beforeAll(async () => {
  project = await createInstalledProject();
});
afterAll(() => project?.dispose());

const run = (...args: readonly string[]) => vp(args, { cwd: project.cwd });
const weather = 'node_modules/@acme/weather';
const shown = (file: string) => `.vp/plugins/current/${file}`;

interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function forecast(): Promise<ErrorDocument['error'] | undefined> {
  const { code, data } = await vpJson<ErrorDocument>(['forecast'], { cwd: project.cwd });
  expect(code).toBe(data?.error === undefined ? 0 : 3);
  return data?.error;
}

test('what was installed runs, is verified, and stands in vp.lock', async () => {
  const { stdout, stderr, code } = await run('forecast');
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('sun, 21 C, says 1.0.0\n');
  const list = await run('plugins', 'list');
  expect(list.stdout).toMatch(
    /@acme\/weather +1\.0\.0 +usable +vp\.lock +verified +in process +command forecast/,
  );
  const verify = await run('plugins', 'verify');
  expect(verify.code, verify.stdout + verify.stderr).toBe(0);
  const doctor = await run('doctor');
  expect(doctor.stdout).toMatch(/ok +installed plugins +1 plugin, 2 packages, \d files as vp\.lock says/);
});

test('policy puts it into a process of its own, where it runs as before', async () => {
  const isolated = ['--set', 'policy.isolation={"*":"process"}'];
  const { stdout, stderr, code } = await run('forecast', ...isolated);
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('sun, 21 C, says 1.0.0\n');
  const list = await run('plugins', 'list', ...isolated);
  expect(list.stdout).toMatch(/verified +isolated/);
});

describe('what is not as it was installed is refused by name, verify names it too, and an install heals it', () => {
  test.each([
    [
      'a changed byte of the plugin',
      `${weather}/plugin.js`,
      () => appendFileSync(project.path(`${weather}/plugin.js`), ' '),
    ],
    [
      'a changed byte of a dependency',
      'node_modules/acme-units/index.js',
      () => appendFileSync(project.path('node_modules/acme-units/index.js'), ' '),
    ],
    ['a new file', `${weather}/lib/evil.js`, () => writeFileSync(project.path(`${weather}/lib/evil.js`), '')],
    ['a missing file', `${weather}/lib/words.js`, () => rmSync(project.path(`${weather}/lib/words.js`))],
    [
      'a package that nobody installed',
      'node_modules/evil',
      () => {
        writeFileSync(join(project.path('node_modules'), 'evil'), '');
      },
    ],
  ])('%s', async (_, file, damage) => {
    damage();
    const error = await forecast();
    expect(error).toMatchObject({
      code: 'VP_PLUGIN_TAMPERED',
      message: expect.stringContaining(shown(file)),
    });
    const verify = await run('plugins', 'verify');
    expect(verify.code).not.toBe(0);
    expect(verify.stdout + verify.stderr).toContain(file.replace(`${weather}/`, ''));
    const install = await run('plugins', 'install', '--frozen');
    expect(install.code, install.stdout + install.stderr).toBe(0);
    expect(await forecast()).toBeUndefined();
  });
});

describe('a vp.lock that somebody edited', () => {
  const file = () => join(project.cwd, 'vp.lock');
  let good: string;
  beforeAll(() => {
    good = readFileSync(file(), 'utf8');
  });

  test('by hand', async () => {
    writeFileSync(file(), good.replace(/"version": "1\.0\.0"/g, '"version": "1.0.1"'));
    expect((await run('doctor')).stdout).toMatch(/error +deployment +VP_LOCK_DRIFT/);
    expect(await forecast()).toMatchObject({ code: 'VP_LOCK_DRIFT', hint: 'vp plugins install' });
    expect((await run('plugins', 'verify')).code).not.toBe(0);
    writeFileSync(file(), good);
    expect(await forecast()).toBeUndefined();
  });

  test('in a merge that is not finished', async () => {
    const lines = good.split('\n');
    writeFileSync(
      file(),
      [lines[0], '<<<<<<< HEAD', ...lines.slice(1, 3), '=======', '>>>>>>> theirs', ...lines.slice(3)].join(
        '\n',
      ),
    );
    expect(await forecast()).toMatchObject({
      code: 'VP_LOCK_CONFLICT',
      message: expect.stringContaining('vp.lock:2'),
    });
    writeFileSync(file(), good);
  });

  test('so that vp.toml asks for something else', async () => {
    const toml = join(project.cwd, 'vp.toml');
    const before = readFileSync(toml, 'utf8');
    writeFileSync(toml, before.replace(/\^1[^"]*"/, '^2"'));
    expect(await forecast()).toMatchObject({
      code: 'VP_LOCK_DRIFT',
      message: expect.stringMatching(/wants @acme\/weather \^2, vp\.lock has 1\.0\.0/),
    });
    writeFileSync(toml, before);
  });
});

test('a fresh clone says what to run, and runs after it', async () => {
  rmSync(join(project.cwd, '.vp'), { recursive: true });
  const list = await vpJson<readonly { readonly error?: object }[]>(['plugins', 'list'], {
    cwd: project.cwd,
  });
  expect(list.data).toMatchObject([{ error: { code: 'VP_LOCK_NOT_INSTALLED' } }]);
  const command = await run('forecast');
  expect(command.code).toBe(2);
  expect(command.stderr).toMatch(/@acme\/weather.*not installed.*vp plugins install --frozen/);
  const install = await run('plugins', 'install', '--frozen');
  expect(install.code, install.stdout + install.stderr).toBe(0);
  expect(await forecast()).toBeUndefined();
});

test('a withdrawn version is refused with the reason, found out by itself, and upgraded away', async () => {
  await project.publishWeather('1.1.0');
  await project.site.yank('@acme/weather@1.0.0', 'It says sun when it rains.');
  const lists = join(project.cwd, killListFile);
  for (const file of [lists, join(project.cwd, '.vp/cache/kill-lists-tried')]) rmSync(file, { force: true });
  // Whether it comes in time for the first command or not: for a later one it does.
  await run('forecast');
  for (const until = Date.now() + 10_000; !existsSync(lists) && Date.now() < until; ) await sleep(50);
  expect(await forecast()).toMatchObject({
    code: 'VP_PLUGIN_YANKED',
    message: expect.stringContaining('It says sun when it rains.'),
  });
  expect((await run('plugins', 'refresh')).stdout).toMatch(/127\.0\.0\.1:\d+\/ +1 /);
  const upgrade = await run('plugins', 'install', '@acme/weather@^1.1', '--yes');
  expect(upgrade.code, upgrade.stdout + upgrade.stderr).toBe(0);
  expect((await run('forecast')).stdout).toBe('sun, 21 C, says 1.1.0\n');
});

test('two majors of it run side by side, each by its name', async () => {
  await project.publishWeather('2.0.0');
  const install = await run('plugins', 'install', 'next=@acme/weather@^2', '--yes');
  expect(install.code, install.stdout + install.stderr).toBe(0);
  expect((await run('forecast')).stdout).toBe('sun, 21 C, says 1.1.0\n');
  expect((await run('next', 'forecast')).stdout).toBe('sun, 21 C, says 2.0.0\n');
  const remove = await run('plugins', 'remove', 'next');
  expect(remove.code, remove.stdout + remove.stderr).toBe(0);
});

test('an install that was cut off is finished by whatever command comes next', async () => {
  const lock = readFileSync(join(project.cwd, 'vp.lock'), 'utf8');
  const toml = readFileSync(join(project.cwd, 'vp.toml'), 'utf8');
  const env = { VP_TEST_CRASH_AT: 'lock-written' };
  const killed = await vp(['plugins', 'remove', '@acme/weather'], { cwd: project.cwd, env });
  expect(killed.code).toBeNull();
  expect(readFileSync(join(project.cwd, 'vp.toml'), 'utf8')).toBe(toml);
  expect(readFileSync(join(project.cwd, 'vp.lock'), 'utf8')).not.toBe(lock);
  const list = await vpJson<readonly object[]>(['plugins', 'list'], { cwd: project.cwd });
  expect(list).toEqual({ code: 0, data: [] });
  expect(readFileSync(join(project.cwd, 'vp.toml'), 'utf8')).not.toContain('weather');
});
