import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  documentMessage,
  isSignedBy,
  killListSchema,
  type RegistryKey,
  trustedKeys,
} from '@vp/contracts/registry';
import { expect, test } from 'vitest';
import { administer, startRegistry } from '../src/index.ts';
import { createNpm, writePackage } from './lib/npm.ts';
import { plain } from './lib/packages.ts';
import { type TestRegistry, testRegistry } from './lib/registry.ts';

const one = (version: string) => ({ ...plain(version), name: '@acme/w' });
const local = (registry: TestRegistry) => ({ dataDir: registry.dataDir });

async function served(registry: TestRegistry) {
  const list = killListSchema.parse((await registry.call('GET', '-/vp/v1/kill-list', { token: null })).body);
  const keys = (await registry.call('GET', '-/npm/v1/keys', { token: null })).body
    .keys as readonly RegistryKey[];
  const key = keys.find(({ keyid }) => keyid === list.signature.keyid);
  const signed =
    key !== undefined && isSignedBy({ key, message: documentMessage(list), sig: list.signature.sig });
  return { list, keys, key, signed };
}

test('a yanked version is on the signed list, marked, and no longer the latest; the yank can be taken back', async () => {
  await using registry = await testRegistry();
  for (const version of ['1.0.0', '1.1.0', '2.0.0-beta.1'])
    await registry.publish(one(version), { tag: 'latest' });
  const before = await served(registry);
  expect(before.list).toMatchObject({ serial: 0, entries: [] });
  expect(before.signed).toBe(true);
  const spec = '@acme/w@1.1.0';
  await administer(local(registry), 'yank', { spec, reason: 'logs its token', dryRun: true });
  expect((await served(registry)).list.serial).toBe(0);
  await administer(local(registry), 'yank', { spec, reason: 'logs its token' });
  const after = await served(registry);
  expect(after.list).toMatchObject({
    serial: 1,
    entries: [{ package: '@acme/w', version: '1.1.0', reason: 'logs its token' }],
  });
  expect(after.signed).toBe(true);
  const { body } = await registry.call('GET', '@acme%2fw');
  expect(body['dist-tags']).toEqual({ latest: '1.0.0' });
  expect(body.versions?.['1.1.0']).toMatchObject({
    deprecated: 'Yanked: logs its token',
    vpRegistry: { yanked: { reason: 'logs its token' } },
  });
  const npm = await createNpm({ folder: registry.folder, url: registry.url, token: registry.token });
  const cwd = await writePackage(join(registry.folder, 'app'), { name: 'app', version: '1.0.0' });
  const installed = await npm(['install', spec], cwd);
  expect(installed.stderr).toMatch(/deprecated @acme\/w@1.1.0: Yanked: logs its token/);
  // It gets no tag again, is not published again, and is not yanked twice.
  expect(
    (await registry.call('PUT', '-/package/@acme%2fw/dist-tags/latest', { body: '1.1.0' })).body.code,
  ).toBe('VP_REGISTRY_YANKED');
  expect((await registry.publish(one('1.1.0'))).body.code).toBe('VP_REGISTRY_VERSION_EXISTS');
  await expect(administer(local(registry), 'yank', { spec, reason: 'x' })).rejects.toMatchObject({
    code: 'VP_REGISTRY_YANKED',
  });
  await administer(local(registry), 'unyank', { spec });
  expect((await served(registry)).list).toMatchObject({ serial: 2, entries: [] });
  const back = (await registry.call('GET', '@acme%2fw')).body;
  expect(back['dist-tags']).toEqual({ latest: '1.1.0' });
  expect(back.versions?.['1.1.0']).not.toHaveProperty('deprecated');
});

test('names and versions that are not there are said so', async () => {
  await using registry = await testRegistry();
  await registry.publish(one('1.0.0'));
  const yank = (spec: string) => administer(local(registry), 'yank', { spec, reason: 'x' });
  await expect(yank('@acme/ww@1.0.0')).rejects.toThrow(
    '@acme/ww is not published here. Did you mean "@acme/w"?',
  );
  await expect(yank('@acme/w@1.0.1')).rejects.toThrow('Did you mean "1.0.0"?');
  await expect(yank('@acme/w')).rejects.toMatchObject({ code: 'VP_REGISTRY_SPEC' });
});

test('a rotated key is vouched for by the one before; what that one signed stays valid', async () => {
  await using registry = await testRegistry();
  await registry.publish(one('1.0.0'));
  await administer(local(registry), 'yank', { spec: '@acme/w@1.0.0', reason: 'x' });
  const old = await served(registry);
  await administer(local(registry), 'keys-rotate', {});
  await administer(local(registry), 'keys-rotate', {});
  await registry.publish(one('1.0.1'));
  const now = await served(registry);
  expect(now.keys).toHaveLength(3);
  expect(now.keys.map(({ expires }) => expires === null)).toEqual([true, false, false]);
  // Who pinned the first key comes to trust the third.
  expect(trustedKeys(now.keys, [old.keys[0]?.keyid ?? ''])).toHaveLength(3);
  expect(now).toMatchObject({ signed: true, list: { serial: 1, signature: { keyid: now.keys[0]?.keyid } } });
  const { body } = await registry.call('GET', '@acme%2fw');
  const by = (version: string) => body.versions?.[version]?.dist.signatures[0]?.keyid;
  expect([by('1.0.0'), by('1.0.1')]).toEqual([now.keys[2]?.keyid, now.keys[0]?.keyid]);
  const times = body.time as Readonly<Record<string, string>>;
  expect((times['1.0.0'] ?? '') <= (now.keys[2]?.expires ?? '')).toBe(true);
  // Erased, not only unused.
  const stored = await readFile(join(registry.dataDir, 'private/keys.json'), 'utf8');
  expect(stored.match(/BEGIN PRIVATE KEY/g)).toHaveLength(1);
  // npm's own check agrees, for both.
  const npm = await createNpm({ folder: registry.folder, url: registry.url, token: registry.token });
  for (const version of ['1.0.0', '1.0.1']) {
    const cwd = await writePackage(join(registry.folder, version), { name: 'app', version: '1.0.0' });
    expect(await npm(['install', `@acme/w@${version}`], cwd)).toMatchObject({ code: 0 });
    const preload = join(import.meta.dirname, 'lib/no-sigstore.cjs');
    const audit = await npm(['audit', 'signatures'], cwd, { NODE_OPTIONS: `--require ${preload}` });
    expect(audit.stdout).toMatch(/1 package has a verified registry signature/);
  }
  // And so does the registry itself, also without a process.
  await registry.running.stop();
  expect(await administer(local(registry), 'status', { verify: true })).toMatchObject({
    damaged: [],
    url: null,
    keys: 3,
  });
});

test('a process that died between kill list and document is made up for at the next start', async () => {
  await using registry = await testRegistry();
  await registry.publish(one('1.0.0'));
  await registry.publish(one('1.1.0'));
  const document = join(registry.dataDir, 'packages/@acme/w/package.json');
  const before = await readFile(document);
  await administer(local(registry), 'yank', { spec: '@acme/w@1.1.0', reason: 'x' });
  await registry.running.stop();
  await (await import('node:fs/promises')).writeFile(document, before);
  await using again = await startRegistry({ dataDir: registry.dataDir, port: 0 });
  const response = await fetch(new URL('@acme%2fw', again.url));
  expect(await response.json()).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });
});
