import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { VpError } from '@vp/contracts';
import { formatLock } from '@vp/contracts/registry';
import { readKillLists } from '@vp/kernel';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundleSite, bundleSite, integrityOf, registry, secret } from '../../test/lib/bundle-site.ts';
import type { Platform } from '../tree/platform.ts';
import { createBundle } from './create.ts';
import { bundleKey } from './key.ts';
import { keepKillLists } from './kill-lists.ts';
import { openBundle } from './open.ts';
import { parsePlatform, platformText } from './platform.ts';
import { trustBundleKey, trustedBundleKeys } from './trusted-keys.ts';

const linux: Platform = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const mac: Platform = { os: 'darwin', cpu: 'arm64' };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vp-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = () => bundleKey(join(folder, 'config', 'bundle-key'));

async function bundled(from: BundleSite, output: string, platforms: readonly Platform[] = [linux]) {
  const { project: projectDir, source } = from;
  return createBundle({ projectDir, output: join(folder, output), platforms, source, key: await key() });
}

const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'accepted',
    (error: VpError) => error.code,
  );

test('a bundle has what one kind of machine needs, and gives it to the installer as registries do', async () => {
  const from = await bundleSite(folder);
  const made = await bundled(from, 'one.bundle');
  expect(made).toMatchObject({ platforms: ['linux-x64'] });
  expect(
    made.packages.map(({ name, version, plugin }) => `${name}@${version}${plugin ? ' plugin' : ''}`),
  ).toEqual([
    '@acme/native-linux@1.0.0',
    '@acme/weather@1.0.0 plugin',
    '@acme/weather@1.2.0 plugin',
    'ms@1.0.0',
    'ms@2.1.3',
  ]);
  await using bundle = await openBundle({ file: made.file, trusted: [made.keyid], platform: linux });
  const { source, contents, lock } = bundle;
  expect(lock).toEqual(from.lock);
  expect(contents.plugins['@acme/weather']).toEqual({
    package: '@acme/weather',
    version: '1.2.0',
    range: '^1',
  });
  const document = await source.packument('@acme/weather');
  expect(Object.keys(document.versions)).toEqual(['1.0.0', '1.2.0']);
  expect(document.time).toEqual({ '1.0.0': '2026-01-01T00:00:00Z', '1.2.0': '2026-02-01T00:00:00Z' });
  expect(document.versions['1.2.0']?.dist.signatures).toHaveLength(1);
  expect(source.registryOf('@acme/x')).toBe(registry);
  expect(source.registryOf('ms')).toBe('https://registry.npmjs.org/');
  expect(await source.keys(registry)).toEqual([secret.key]);
  expect((await source.killList(registry))?.serial).toBe(7);
  for (const [name, version] of [
    ['@acme/weather', '1.2.0'],
    ['ms', '1.0.0'],
    ['ms', '2.1.3'],
    ['@acme/native-linux', '1.0.0'],
  ] as const) {
    const bytes = from.tarballs.get(`${name}@${version}`) ?? Buffer.of();
    expect((await source.tarball({ name, version, integrity: integrityOf(bytes) })).equals(bytes)).toBe(true);
  }
  expect(await source.dependency('ms')).toMatchObject({
    'dist-tags': { latest: '2.1.3' },
    versions: { '1.0.0': { dist: { integrity: expect.stringContaining('sha512-') } } },
  });
  expect(await bundle.readme('@acme/weather@1.2.0')).toBe('# @acme/weather\n');
  // Somebody else's.
  const macs = from.tarballs.get('@acme/native-mac@1.0.0') ?? Buffer.of();
  const missing = source.tarball({
    name: '@acme/native-mac',
    version: '1.0.0',
    integrity: integrityOf(macs),
  });
  expect(await codeOf(missing)).toBe('VP_BUNDLE_HAS_NOT');
  await expect(source.packument('@acme/wether')).rejects.toThrow('Did you mean "@acme/weather"?');
});

test('the same lock and key make the same bytes, and any tar program can list them', async () => {
  const from = await bundleSite(folder);
  const [one, two] = await Promise.all([bundled(from, 'a.bundle'), bundled(from, 'b.bundle')]);
  const bytes = await readFile(one.file);
  expect(bytes.equals(await readFile(two.file))).toBe(true);
  expect(bytes.length).toBe(one.size);
  const names: string[] = [];
  const tar = extract();
  tar.on('entry', ({ name, type, size }, stream, next) => {
    names.push(`${type} ${name} ${size > 0}`);
    stream.on('end', next);
    stream.resume();
  });
  await new Promise((done, fail) => {
    tar.on('finish', () => done(undefined));
    tar.on('error', fail);
    tar.end(bytes);
  });
  expect(names.slice(0, 3)).toEqual([
    'file vp.lock true',
    'file documents.json true',
    'file registries.json true',
  ]);
  expect(names.at(-1)).toBe('file vp-bundle.sig true');
  expect((await bundled(from, 'both.bundle', [linux, mac])).packages).toHaveLength(6);
  expect((await readdir(folder)).filter((each) => each.includes('.part'))).toEqual([]);
});

test('any byte that is changed, and any end that is cut off, is refused', async () => {
  const { file } = await bundled(await bundleSite(folder), 'good.bundle');
  const good = await readFile(file);
  const bad = join(folder, 'bad.bundle');
  const verdict = async (bytes: Buffer) => {
    await writeFile(bad, bytes);
    return codeOf(openBundle({ file: bad, trusted: [], platform: linux }));
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ mask;
      expect(await verdict(bytes)).toMatch(/^VP_BUNDLE_(TAMPERED|NOT_ONE|TRUNCATED|WRONG_SIGNATURE)$/);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), async (end) => {
      expect(await verdict(good.subarray(0, end))).toMatch(/^VP_BUNDLE_(TRUNCATED|NOT_ONE)$/);
    }),
    { numRuns: 100 },
  );
  expect(await verdict(Buffer.concat([good, Buffer.alloc(1024)]))).toBe('VP_BUNDLE_TAMPERED');
  expect(await verdict(gzipSync('no'))).toBe('VP_BUNDLE_NOT_ONE');
  expect(await verdict(Buffer.from('PK'.padEnd(2048)))).toBe('VP_BUNDLE_NOT_ONE');
  expect(await codeOf(openBundle({ file: join(folder, 'none'), trusted: [] }))).toBe('VP_BUNDLE_NOT_FOUND');
});

test('what was changed is named', async () => {
  const { file } = await bundled(await bundleSite(folder), 'named.bundle');
  const bytes = await readFile(file);
  const at = bytes.indexOf('"@acme/weather"', bytes.indexOf('documents.json'));
  bytes.write('X', at + 2);
  await writeFile(file, bytes);
  await expect(openBundle({ file, trusted: [], platform: linux })).rejects.toThrow(
    `The bundle ${file} is not what was signed: documents.json was changed.`,
  );
});

test('a bundle of another key, or for other machines, is refused', async () => {
  const { file, keyid } = await bundled(await bundleSite(folder), 'mac.bundle', [mac]);
  const open = (trusted: readonly string[], platform: Platform) => openBundle({ file, trusted, platform });
  expect(await codeOf(open(['SHA256:other'], mac))).toBe('VP_BUNDLE_FOREIGN_KEY');
  await expect(open([keyid], linux)).rejects.toThrow(
    `${file} is for darwin-arm64; this machine is linux-x64.`,
  );
  expect(await codeOf(open([keyid], { ...linux, libc: 'musl' }))).toBe('VP_BUNDLE_PLATFORM');

  const { project } = await bundleSite(folder);
  expect(trustedBundleKeys(project)).toEqual([]);
  trustBundleKey(project, keyid);
  trustBundleKey(project, keyid);
  expect(trustedBundleKeys(project)).toEqual([keyid]);
  await writeFile(join(project, '.vp/plugins/bundle-keys.json'), '{}');
  expect(() => trustedBundleKeys(project)).toThrow('is damaged');
});

test('nothing is bundled that was withdrawn, has changed, or cannot be checked', async () => {
  expect(await codeOf(bundleSite(folder, ['1.0.0']).then((each) => bundled(each, 'x.bundle')))).toBe(
    'VP_BUNDLE_WITHDRAWN',
  );
  expect(await codeOf(bundleSite(folder, ['1.3.0']).then((each) => bundled(each, 'y.bundle')))).toBe(
    'accepted',
  );
  const changed = await bundleSite(folder);
  changed.tarballs.set('ms@2.1.3', gzipSync('something else'));
  await expect(bundled(changed, 'x.bundle')).rejects.toThrow('The tarball of ms@2.1.3 is sha512-');
  const loose = await bundleSite(folder);
  const { integrity: _, ...entry } = loose.lock.packages['node_modules/ms'] ?? {};
  const packages = { ...loose.lock.packages, 'node_modules/ms': entry };
  await writeFile(join(loose.project, 'vp.lock'), formatLock({ ...loose.lock, packages }));
  expect(await codeOf(bundled(loose, 'x.bundle'))).toBe('VP_BUNDLE_NO_INTEGRITY');
  const bare = await bundleSite(folder);
  await rm(join(bare.project, 'vp.lock'));
  expect(await codeOf(bundled(bare, 'x.bundle'))).toBe('VP_BUNDLE_NO_LOCK');
  const nowhere = await bundleSite(folder);
  expect(await codeOf(bundled(nowhere, 'no/such/folder/x.bundle'))).toBe('VP_BUNDLE_CANNOT_WRITE');
  expect(await codeOf(openBundle({ file: join(folder, 'x.bundle'), trusted: [] }))).toBe(
    'VP_BUNDLE_NOT_FOUND',
  );
});

test('a key is made once, for its owner alone, and is not used when others may read it', async () => {
  const file = join(folder, 'keys', 'bundle-key');
  const [made, again] = [await bundleKey(file), await bundleKey(file)];
  expect([made.isNew, again.isNew, again.keyid]).toEqual([true, false, made.keyid]);
  expect(made.sign(Buffer.from('x'))).toEqual(again.sign(Buffer.from('x')));
  await chmod(file, 0o644);
  await expect(bundleKey(file)).rejects.toThrow('others may read it (mode 644)');
  await chmod(file, 0o600);
  await truncate(file, 40);
  expect(await codeOf(bundleKey(file))).toBe('VP_BUNDLE_KEY');
});

test('lists of withdrawn versions come along, and an older one takes nothing back', async () => {
  const { file } = await bundled(await bundleSite(folder, ['1.3.0']), 'lists.bundle');
  await using bundle = await openBundle({ file, trusted: [], platform: linux });
  const { project: projectDir } = await bundleSite(folder);
  await mkdir(join(projectDir, '.vp/plugins'), { recursive: true });
  const now = new Date('2026-11-24');
  const pinned = { [registry]: { keys: [secret.key] } };
  expect(keepKillLists({ projectDir, bundle, pinned, now })).toEqual([]);
  const kept = readKillLists(projectDir);
  expect(kept).toMatchObject({ offline: true, registries: { [registry]: { list: { serial: 7 } } } });
  expect(keepKillLists({ projectDir, bundle, pinned, now: new Date('2026-12-01') })).toEqual([]);
  expect(readKillLists(projectDir)).toEqual(kept);

  const { project: other } = await bundleSite(folder);
  await mkdir(join(other, '.vp/plugins'), { recursive: true });
  const stranger = { ...secret.key, keyid: 'SHA256:stranger' };
  const faults = keepKillLists({
    projectDir: other,
    bundle,
    pinned: { [registry]: { keys: [stranger] } },
    now,
  });
  expect(faults.map(({ code }) => code)).toEqual(['VP_TRUST_KILL_LIST_WRONG']);
  expect(readKillLists(other).registries).toEqual({});
});

test('platforms are written as people write them', () => {
  const again = (text: string) => platformText(parsePlatform(text));
  expect(
    ['linux-x64', 'linux-arm64-musl', 'linux-x64-glibc', 'darwin-arm64', 'win32-x64'].map(again),
  ).toEqual(['linux-x64', 'linux-arm64-musl', 'linux-x64', 'darwin-arm64', 'win32-x64']);
  for (const wrong of ['linux', 'linux-x86', 'windows-x64', 'darwin-x64-musl', 'linux-x64-musl-x', ''])
    expect(() => parsePlatform(wrong)).toThrow('is no platform');
  expect(() => parsePlatform('linux-x46')).toThrow('Did you mean "linux-x64"?');
});
