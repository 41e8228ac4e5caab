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
import { points } from '@vp/contracts';
import { indexFile } from '@vp/contracts/registry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readIndex, verifyGeneration, writeIndex } from '../../src/index.ts';
import { createHealthy, plugin, refusalOf } from '../support/healthy.ts';

let installed: ReturnType<typeof createHealthy>;
beforeEach(() => {
  installed = createHealthy();
});
afterEach(() => installed[Symbol.dispose]());

const refusal = (more: Parameters<typeof installed.boot>[0] = {}) => refusalOf(installed, more);

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
