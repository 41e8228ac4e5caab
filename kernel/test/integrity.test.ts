import {
  appendFileSync,
  chmodSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isVpError, points, type VpError } from '@vp/contracts';
import {
  formatLock,
  indexFile,
  type KillLists,
  killListFile,
  type Lock,
  lockFile,
} from '@vp/contracts/registry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readIndex, verifyGeneration, writeIndex } from '../src/index.ts';
import { createInstalled, registry } from './support/installed.ts';

const dep = { version: '2.0.0', files: { 'index.js': 'export const two = 2;', 'lib/a.js': 'export {};' } };

let installed: ReturnType<typeof createInstalled>;
beforeEach(() => {
  installed = createInstalled({
    zoo: ['healthy'],
    packages: { 'node_modules/dep': dep, 'node_modules/dep/node_modules/inner': dep },
    closure: ['node_modules/dep', 'node_modules/dep/node_modules/inner'],
  });
});
afterEach(() => installed[Symbol.dispose]());

const plugin = 'node_modules/zoo-healthy';
const lockPath = () => join(installed.projectDir, lockFile);

/** Boots, uses the plugin, and gives what it was refused with. */
async function refusal(more: Parameters<typeof installed.boot>[0] = {}): Promise<VpError | undefined> {
  const kernel = await installed.boot(more);
  try {
    await kernel.host.instance(points.alerter, 'healthy');
    return undefined;
  } catch (error) {
    if (isVpError(error)) return error;
    throw error;
  } finally {
    await kernel.stop();
  }
}

const editLock = (edit: (lock: Lock) => Lock) => writeFileSync(lockPath(), formatLock(edit(installed.lock)));

test('what vp.lock lists is found without node_modules, verified, and stamps its digest', async () => {
  const kernel = await installed.boot();
  expect(kernel.problems()).toEqual([]);
  expect(kernel.plugins()[0]).toMatchObject({ origin: 'lock', trust: 'verified', isolation: 'in-process' });
  await kernel.host.instance(points.alerter, 'healthy');
  expect(kernel.lockDigest).toBe(readIndex(installed.generation).lock);
  await kernel.stop();
});

describe('a file that is not as it was installed is named, and nothing of the plugin runs', () => {
  const damages: readonly [string, string, RegExp, () => void][] = [
    [
      'a changed byte of the plugin',
      'verify',
      /\.vp\/plugins\/current\/node_modules\/zoo-healthy\/plugin\.js was changed/,
      () => {
        const file = installed.path(`${plugin}/plugin.js`);
        writeFileSync(file, readFileSync(file, 'utf8').replace('send', 'sent'));
      },
    ],
    [
      'a changed byte with the old size and modification time',
      'verify',
      /plugin\.js was changed/,
      () => {
        const file = installed.path(`${plugin}/plugin.js`);
        const { atime, mtime } = statSync(file);
        writeFileSync(file, readFileSync(file, 'utf8').replace('send', 'Send'));
        utimesSync(file, atime, mtime);
      },
    ],
    [
      'a changed manifest',
      'verify',
      /package\.json was changed/,
      () => appendFileSync(installed.path(`${plugin}/package.json`), ' '),
    ],
    [
      'a missing file',
      'verify',
      /plugin\.js is missing/,
      () => rmSync(installed.path(`${plugin}/plugin.js`)),
    ],
    ['a new file', 'verify', /zoo-healthy\/evil\.js was added/, () => installed.put(`${plugin}/evil.js`, '')],
    [
      'a new folder',
      'verify',
      /zoo-healthy\/lib\/evil\.js was added/,
      () => installed.put(`${plugin}/lib/evil.js`, ''),
    ],
    [
      'a link instead of a file',
      'verify',
      /plugin\.js was changed/,
      () => {
        const file = installed.path(`${plugin}/plugin.js`);
        renameSync(file, installed.path('elsewhere.js'));
        symlinkSync(installed.path('elsewhere.js'), file);
      },
    ],
    [
      'a missing plugin',
      'verify',
      /zoo-healthy is missing/,
      () => rmSync(installed.path(plugin), { recursive: true }),
    ],
    [
      'a changed byte of a dependency',
      'load',
      /node_modules\/dep\/lib\/a\.js was changed/,
      () => writeFileSync(installed.path('node_modules/dep/lib/a.js'), 'export { };'),
    ],
    [
      'a changed byte of a dependency of a dependency',
      'load',
      /node_modules\/dep\/node_modules\/inner\/index\.js was changed/,
      () => appendFileSync(installed.path('node_modules/dep/node_modules/inner/index.js'), '\n'),
    ],
    [
      'a missing dependency',
      'load',
      /node_modules\/dep is missing/,
      () => rmSync(installed.path('node_modules/dep'), { recursive: true }),
    ],
    [
      'a package that nobody installed',
      'load',
      /node_modules\/@evil\/x was added/,
      () => installed.put('node_modules/@evil/x/package.json', '{}'),
    ],
    [
      'a package of the plugin alone',
      'load',
      /zoo-healthy\/node_modules\/dep was added/,
      () => installed.put(`${plugin}/node_modules/dep/package.json`, '{}'),
    ],
  ];
  test.each(damages)('%s (%s)', async (_, phase, says, damage) => {
    damage();
    const error = await refusal();
    expect(error).toMatchObject({
      code: 'VP_PLUGIN_TAMPERED',
      phase,
      plugin: 'zoo-healthy@1.0.0',
      exitCode: 3,
    });
    expect(error?.message).toMatch(says);
    expect(error?.hint).toContain('vp plugins verify');
  });

  test('an index that was made to fit is not believed', async () => {
    const file = installed.path(`${plugin}/plugin.js`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('send', 'sent'));
    const index = readIndex(installed.generation);
    const entry = index.packages[plugin];
    const { size, mtimeMs, ctimeMs } = statSync(file);
    Object.assign(entry?.files['plugin.js'] ?? {}, { size, mtime: mtimeMs, ctime: ctimeMs, sha256: '00' });
    writeIndex(installed.generation, index);
    expect((await refusal())?.code).toBe('VP_PLUGIN_TAMPERED');
  });
});

describe('what only looks different is read once and then known', () => {
  test('times that changed cost one thorough look', async () => {
    const before = readFileSync(installed.path(indexFile), 'utf8');
    const file = installed.path(`${plugin}/plugin.js`);
    writeFileSync(file, readFileSync(file));
    expect(await refusal()).toBeUndefined();
    const after = readFileSync(installed.path(indexFile), 'utf8');
    expect(after).not.toBe(before);
    expect(await refusal()).toBeUndefined();
    expect(readFileSync(installed.path(indexFile), 'utf8')).toBe(after);
  });

  test('an installed set that was copied works, read-only too', async () => {
    const copy = `${installed.generation}-copy`;
    cpSync(installed.generation, copy, { recursive: true });
    rmSync(join(installed.projectDir, '.vp/plugins/current'));
    symlinkSync(copy, join(installed.projectDir, '.vp/plugins/current'));
    // Not a folder that a draft of the index could be written to, for root either.
    rmSync(join(copy, indexFile));
    cpSync(join(installed.generation, indexFile), join(copy, indexFile));
    chmodSync(copy, 0o555);
    expect(await refusal()).toBeUndefined();
    chmodSync(copy, 0o755);
    expect(await refusal()).toBeUndefined();
  });
});

describe('a lock that cannot be trusted vouches for nothing', () => {
  const text = () => readFileSync(lockPath(), 'utf8');
  const faults: readonly [string, string, RegExp, () => void][] = [
    [
      'conflict markers',
      'VP_LOCK_CONFLICT',
      /^vp\.lock:3: .*<<<<<<< HEAD/,
      () => {
        const lines = text().split('\n');
        writeFileSync(
          lockPath(),
          [
            ...lines.slice(0, 2),
            '<<<<<<< HEAD',
            lines[2],
            '=======',
            '>>>>>>> other',
            ...lines.slice(3),
          ].join('\n'),
        );
      },
    ],
    [
      'no JSON',
      'VP_LOCK_NOT_JSON',
      /^vp\.lock:\d+:\d+ is not JSON/,
      () => writeFileSync(lockPath(), text().replace('"packages":', '"packages"')),
    ],
    [
      'another version',
      'VP_LOCK_VERSION',
      /lockVersion 2/,
      () => writeFileSync(lockPath(), text().replace('"lockVersion": 1', '"lockVersion": 2')),
    ],
    [
      'a wrong key',
      'VP_LOCK_INVALID',
      /^vp\.lock:\d+:5: \/plugins\/zoo-healthy\/version is missing \(string\), but there is "vresion"/,
      () =>
        writeFileSync(
          lockPath(),
          text().replace(
            '"version": "1.0.0"\n    }\n  },\n  "reg',
            '"vresion": "1.0.0"\n    }\n  },\n  "reg',
          ),
        ),
    ],
    [
      'an edited version',
      'VP_LOCK_DRIFT',
      /not the one that the plugins .* were installed by/,
      () => editLock((lock) => ({ ...lock, packages: {} })),
    ],
    [
      'nothing installed',
      'VP_LOCK_NOT_INSTALLED',
      /\.vp\/plugins\/current/,
      () => rmSync(join(installed.projectDir, '.vp'), { recursive: true }),
    ],
    [
      'no index',
      'VP_LOCK_UNREADABLE',
      /vp-index\.json cannot be read: it is not there/,
      () => rmSync(installed.path(indexFile)),
    ],
    [
      'a broken index',
      'VP_LOCK_UNREADABLE',
      /vp-index\.json cannot be read/,
      () => writeFileSync(installed.path(indexFile), '{"indexVersion":1}'),
    ],
  ];
  test.each(faults)('%s: %s', async (_, code, says, damage) => {
    damage();
    const kernel = await installed.boot();
    const [problem] = kernel.problems();
    expect(problem).toMatchObject({ code, exitCode: 3 });
    expect(problem?.message).toMatch(says);
    expect(problem?.hint).toMatch(/vp plugins install|version of vp/);
    expect(kernel.plugins()[0]).toMatchObject({ state: 'failed', trust: 'unverified' });
    await kernel.stop();
  });

  test.each([
    ['range', { 'zoo-healthy': '^2.0.0' }, /vp\.toml wants zoo-healthy \^2\.0\.0, vp\.lock has 1\.0\.0/],
    [
      'grants',
      { 'zoo-healthy': { version: '1', grants: { env: ['A'] } } },
      /grants zoo-healthy env A, vp\.lock has nothing/,
    ],
    [
      'package',
      { 'zoo-healthy': { version: '1', package: 'zoo-other' } },
      /to be zoo-other, vp\.lock has zoo-healthy/,
    ],
    ['plugin', { '@acme/new': '1' }, /asks for @acme\/new, which vp\.lock does not have/],
  ])('vp.toml wants another %s', async (_, plugins, says) => {
    const kernel = await installed.boot({ plugins });
    expect(kernel.problems()).toMatchObject([{ code: 'VP_LOCK_DRIFT', hint: 'vp plugins install' }]);
    expect(kernel.problems()[0]?.message).toMatch(says);
    await kernel.stop();
  });

  test('a flag grants without a new lock', async () => {
    const set = ['plugins.zoo-healthy.grants.env=["A"]'];
    expect(await refusal({ set })).toBeUndefined();
  });
});

describe('what was withdrawn is not loaded', () => {
  const listOf = (url: string, entry: { readonly package: string; readonly version: string }): KillLists => ({
    format: 1,
    registries: {
      [url]: {
        checked: '2026-11-24T00:00:00.000Z',
        list: {
          serial: 1,
          entries: [{ ...entry, reason: 'It deletes tables.', at: '2026-11-23T10:00:00.000Z' }],
          signature: { keyid: 'SHA256:key', sig: 'AAAA' },
        },
      },
    },
  });
  const own = { package: 'zoo-healthy', version: '1.0.0' };
  const keep = (lists: KillLists) =>
    writeFileSync(join(installed.projectDir, killListFile), JSON.stringify(lists));

  test('the version, with the reason and what to do', async () => {
    keep(listOf(registry, own));
    const error = await refusal();
    expect(error).toMatchObject({ code: 'VP_PLUGIN_YANKED', phase: 'verify' });
    expect(error?.message).toBe(
      'zoo-healthy cannot be used: zoo-healthy@1.0.0 was withdrawn by its registry on 2026-11-23: It deletes tables.',
    );
    expect(error?.hint).toMatch(/upgrade zoo-healthy.*rollback/);
    const kernel = await installed.boot();
    expect(kernel.plugins()[0]?.trust).toBe('yanked');
    await kernel.stop();
  });

  test('a dependency', async () => {
    keep(listOf(registry, { package: 'dep', version: '2.0.0' }));
    expect((await refusal())?.message).toMatch(/dep@2\.0\.0 was withdrawn/);
  });

  test('what is withdrawn by now, before the first load', async () => {
    expect((await refusal({ killLists: async () => listOf(registry, own) }))?.code).toBe('VP_PLUGIN_YANKED');
    expect(await refusal({ killLists: async () => undefined })).toBeUndefined();
  });

  test('other versions, and the packages of another registry, stay', async () => {
    keep(listOf(registry, { ...own, version: '1.0.1' }));
    expect(await refusal()).toBeUndefined();
    keep(listOf('https://registry.npmjs.org/', own));
    expect(await refusal()).toBeUndefined();
  });

  test('a list that cannot be read is told', async () => {
    writeFileSync(join(installed.projectDir, killListFile), '{');
    const kernel = await installed.boot();
    expect(kernel.diagnostics.all()).toMatchObject([
      { code: 'VP_KILL_LIST_UNREADABLE', severity: 'warning' },
    ]);
    expect(kernel.problems()).toEqual([]);
    await kernel.stop();
  });
});

describe('policy', () => {
  test.each([
    [{ deny: ['zoo-*'] }, 'VP_PLUGIN_NOT_ALLOWED', /zoo-healthy@1\.0\.0 is on the deny list \("zoo-\*"\)/],
    [{ deny: ['zoo-healthy@<1.0.1'] }, 'VP_PLUGIN_NOT_ALLOWED', /deny list/],
    [{ allow: ['@acme/*'] }, 'VP_PLUGIN_NOT_ALLOWED', /not on the allow list \(@acme\/\*\)/],
  ])('%j refuses', async (policy, code, says) => {
    const error = await refusal({ policy });
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(says);
  });

  test.each([{ deny: ['zoo-healthy@>1'] }, { allow: ['*'] }, { allow: ['@acme/*', 'zoo-healthy@1'] }])(
    '%j lets it pass',
    async (policy) => expect(await refusal({ policy })).toBeUndefined(),
  );

  test('a plugin of the lock without a signature', async () => {
    installed[Symbol.dispose]();
    installed = createInstalled({
      zoo: ['healthy'],
      alter: (lock) => ({
        ...lock,
        plugins: Object.fromEntries(
          Object.entries(lock.plugins).map(([name, { signature: _, ...rest }]) => [name, rest]),
        ),
      }),
    });
    expect((await refusal())?.code).toBe('VP_PLUGIN_UNSIGNED');
    expect(await refusal({ policy: { signatures: 'ignore' } })).toBeUndefined();
    const kernel = await installed.boot({ policy: { signatures: 'warn' } });
    expect(kernel.problems()).toEqual([]);
    expect(kernel.diagnostics.all()).toMatchObject([{ code: 'VP_PLUGIN_UNSIGNED', severity: 'warning' }]);
    await kernel.stop();
  });

  test.each([
    ['allow', undefined, undefined],
    ['warn', undefined, 'warning'],
    ['deny', 'VP_PLUGIN_UNVERIFIED', 'error'],
  ])('unverified = "%s"', async (unverified, code, severity) => {
    const modules = join(installed.projectDir, 'node_modules/zoo-schema-missing');
    cpSync(join(import.meta.dirname, 'zoo/schema-missing'), modules, { recursive: true });
    const plugins = { 'zoo-healthy': '1', 'zoo-schema-missing': '1' };
    const kernel = await installed.boot({ plugins, policy: { unverified } });
    expect(kernel.plugins()[0]).toMatchObject({ trust: 'verified', state: 'resolved' });
    expect(kernel.plugins()[1]).toMatchObject({ trust: 'unverified', origin: 'node_modules' });
    expect(kernel.plugins()[1]?.error?.code).toBe(code);
    const told = kernel.diagnostics.all().find((each) => each.code === 'VP_PLUGIN_UNVERIFIED');
    expect(told?.severity).toBe(severity);
    await kernel.stop();
  });
});

test('a thorough look names all differences', () => {
  const look = () =>
    verifyGeneration({
      folder: installed.generation,
      index: readIndex(installed.generation),
      lock: installed.lock,
    });
  expect(look()).toMatchObject({ packages: 3, files: 8, differences: [] });
  // The signature of the fixture is nobody's.
  expect(look().faults.map(({ code }) => code)).toEqual(['VP_LOCK_SIGNATURE']);
  appendFileSync(installed.path(`${plugin}/plugin.js`), ' ');
  rmSync(installed.path('node_modules/dep/lib/a.js'));
  installed.put('node_modules/dep/new.js', '');
  installed.put('node_modules/stranger/index.js', '');
  expect(look().differences).toEqual([
    { place: plugin, file: 'plugin.js', kind: 'changed' },
    { place: 'node_modules/dep', file: 'lib/a.js', kind: 'missing' },
    { place: 'node_modules/dep', file: 'new.js', kind: 'extra' },
    { place: 'node_modules/stranger', file: '', kind: 'extra' },
  ]);
});
