import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSignedBy, type RegistryKey, signedMessage } from '@vp/contracts/registry';
import pacote from 'pacote';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNpm, type NpmResult, writePackage } from './lib/npm.ts';
import { plain, plugin, pluginFiles } from './lib/packages.ts';
import { type TestRegistry, testRegistry } from './lib/registry.ts';

// The real npm, against the real registry.

let registry: TestRegistry;
let npm: (args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv) => Promise<NpmResult>;

beforeAll(async () => {
  registry = await testRegistry();
  npm = await createNpm({ folder: registry.folder, url: registry.url, token: registry.token });
});
afterAll(() => registry[Symbol.asyncDispose]());

const withoutSigstore = { NODE_OPTIONS: `--require ${join(import.meta.dirname, 'lib/no-sigstore.cjs')}` };

async function app(name: string): Promise<string> {
  return writePackage(join(registry.folder, name), { name, version: '1.0.0', private: true });
}

test('npm publishes, installs, and verifies the signatures', async () => {
  const folder = await writePackage(join(registry.folder, 'weather'), plugin(), pluginFiles);
  const published = await npm(['publish'], folder);
  expect(published).toMatchObject({ code: 0, stdout: '+ @acme/weather@1.0.0\n' });
  const cwd = await app('app');
  expect(await npm(['install', '@acme/weather'], cwd)).toMatchObject({ code: 0 });
  const audit = await npm(['audit', 'signatures'], cwd, withoutSigstore);
  expect(audit.stdout).toMatch(/1 package has a verified registry signature/);
  expect(audit.code).toBe(0);
});

test('a refusal is printed in words', async () => {
  const folder = await writePackage(join(registry.folder, 'bad'), {
    ...plain(),
    name: '@acme/bad',
    scripts: { postinstall: 'node x.js' },
  });
  const { code, stderr } = await npm(['publish'], folder);
  expect(code).toBe(1);
  expect(stderr).toMatch(/@acme\/bad has an install script: "postinstall": "node x.js"/);
  expect(stderr).toMatch(/allow_install_scripts/);
});

test('npm whoami, dist-tag, deprecate; unpublish is refused', async () => {
  const folder = await writePackage(join(registry.folder, 'tags'), { ...plain(), name: '@acme/tags' });
  expect((await npm(['whoami'], folder)).stdout).toBe('admin\n');
  await npm(['publish'], folder);
  expect(await npm(['dist-tag', 'add', '@acme/tags@1.0.0', 'beta'], folder)).toMatchObject({ code: 0 });
  expect((await npm(['dist-tag', 'ls', '@acme/tags'], folder)).stdout).toBe('beta: 1.0.0\nlatest: 1.0.0\n');
  expect(await npm(['dist-tag', 'rm', '@acme/tags', 'beta'], folder)).toMatchObject({ code: 0 });
  expect(await npm(['dist-tag', 'rm', '@acme/tags', 'latest'], folder)).toMatchObject({ code: 1 });
  expect(await npm(['deprecate', '@acme/tags@1.0.0', 'use another'], folder)).toMatchObject({ code: 0 });
  expect((await npm(['view', '@acme/tags', 'deprecated'], folder)).stdout).toBe('use another\n');
  const gone = await npm(['unpublish', '@acme/tags@1.0.0', '--force'], folder);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toMatch(/vp registry yank/);
  expect(await registry.versions('@acme/tags')).toEqual(['1.0.0']);
});

test('a manifest is read before anything is downloaded, with its facts and a signature that fits', async () => {
  const name = '@acme/facts';
  await registry.publish(plugin('1.0.0', { name }), { files: pluginFiles });
  const options = { registry: registry.url, fullMetadata: true, cache: join(registry.folder, 'cache') };
  const manifest = await pacote.manifest(`${name}@1`, options);
  const { _integrity: integrity, version, dist, ...rest } = manifest;
  expect(rest).toMatchObject({ vp: { manifestVersion: 1 }, vpRegistry: { tree: expect.any(String) } });
  const { body } = await registry.call('GET', '-/npm/v1/keys');
  const [key] = body.keys as RegistryKey[];
  const signatures = (dist as { signatures?: readonly { keyid: string; sig: string }[] }).signatures ?? [];
  expect(signatures.map(({ keyid }) => keyid)).toEqual([key?.keyid]);
  const message = signedMessage({ name, version, integrity: String(integrity) });
  expect(key !== undefined && isSignedBy({ key, message, sig: signatures[0]?.sig ?? '' })).toBe(true);
});

test('a tarball that was tampered with in the storage is refused by npm and pacote, and found by status --verify', async () => {
  const name = '@acme/tampered';
  await registry.publish({ ...plain(), name });
  await registry.publish({ ...plain('2.0.0'), name });
  const stored = join(registry.dataDir, 'packages', name, 'tampered-1.0.0.tgz');
  const other = await fetch(new URL(`${name}/-/tampered-2.0.0.tgz`, registry.url));
  await writeFile(stored, new Uint8Array(await other.arrayBuffer()));
  const cwd = await app('tampered-app');
  const installed = await npm(['install', `${name}@1.0.0`], cwd);
  expect(installed.code).not.toBe(0);
  expect(installed.stderr).toMatch(/EINTEGRITY/);
  const target = join(cwd, 'extracted');
  await expect(
    pacote.extract(`${name}@1.0.0`, target, {
      registry: registry.url,
      cache: join(registry.folder, 'cache2'),
    }),
  ).rejects.toMatchObject({ code: 'EINTEGRITY' });
  const { body } = await registry.call('POST', '-/vp/v1/admin/status', { body: { verify: true } });
  expect(body.damaged).toEqual([
    { what: `${name}@1.0.0`, problem: 'its tarball has other bytes than were published' },
  ]);
});
