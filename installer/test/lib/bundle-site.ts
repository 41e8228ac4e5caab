import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import {
  documentMessage,
  formatLock,
  keyId,
  type Lock,
  type RegistryKey,
  signedMessage,
} from '@vp/contracts/registry';
import { pack } from 'tar-stream';
import { packumentSchema } from '../../src/client/packument.ts';
import type { PackageSource } from '../../src/source/source.ts';

export const registry = 'https://npm.acme.dev/';

const tarball = async (name: string, version: string) => {
  const archive = pack();
  archive.entry({ name: 'package/package.json' }, JSON.stringify({ name, version }));
  archive.entry({ name: 'package/README.md' }, `# ${name}\n`);
  archive.finalize();
  return gzipSync(await buffer(archive));
};
export const integrityOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** The registry's key. */
export const secret = (() => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const type = 'ecdsa-sha2-nistp256' as const;
  const own: RegistryKey = { keyid: keyId(key), keytype: type, scheme: type, key, expires: null };
  return { key: own, privateKey };
})();
const signed = (by: KeyObject, message: string) =>
  sign('sha256', Buffer.from(message), by).toString('base64');

/** A project with a lock, and the registry that it came from. */
export async function bundleSite(folder: string, withdrawn: readonly string[] = []) {
  const project = await mkdtemp(join(folder, 'project-'));
  const tarballs = new Map<string, Buffer>();
  const entry = async (name: string, version: string, more: object = {}) => {
    const bytes = await tarball(name, version);
    tarballs.set(`${name}@${version}`, bytes);
    return {
      version,
      integrity: integrityOf(bytes),
      resolved: `${registry}${name}/-/x-${version}.tgz`,
      ...more,
    };
  };
  const native = { optional: true, dependencies: {} };
  const packages: Lock['packages'] = {
    'node_modules/@acme/weather': await entry('@acme/weather', '1.2.0', {
      dependencies: { ms: '^2.0.0' },
      optionalDependencies: { '@acme/native-linux': '1.0.0', '@acme/native-mac': '1.0.0' },
    }),
    'node_modules/old-weather': await entry('@acme/weather', '1.0.0', {
      name: '@acme/weather',
      dependencies: { ms: '^1.0.0' },
    }),
    'node_modules/old-weather/node_modules/ms': await entry('ms', '1.0.0'),
    'node_modules/ms': await entry('ms', '2.1.3', { dependencies: { inner: '1.0.0' } }),
    'node_modules/ms/node_modules/inner': { version: '1.0.0', inBundle: true },
    'node_modules/@acme/native-linux': await entry('@acme/native-linux', '1.0.0', {
      ...native,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['glibc'],
    }),
    'node_modules/@acme/native-mac': await entry('@acme/native-mac', '1.0.0', { ...native, os: ['darwin'] }),
  };
  const plugin = (version: string, place: string) => ({
    package: '@acme/weather',
    version,
    registry,
    integrity: packages[place]?.integrity ?? '',
    tree: 't',
    manifest: 'm',
    contracts: ['source@1'],
  });
  const lock: Lock = {
    lockVersion: 1,
    registries: { [registry]: { keys: [secret.key] } },
    plugins: {
      '@acme/weather': plugin('1.2.0', 'node_modules/@acme/weather'),
      'old-weather': plugin('1.0.0', 'node_modules/old-weather'),
    },
    packages,
  };
  await writeFile(join(project, 'vp.lock'), formatLock(lock));
  await writeFile(
    join(project, 'vp.toml'),
    '[project]\nname = "x"\n[plugins]\n"@acme/weather" = "^1"\nold-weather = { version = "1.0.0", package = "@acme/weather" }\n',
  );
  const document = packumentSchema.parse({
    name: '@acme/weather',
    'dist-tags': { latest: '1.3.0' },
    versions: Object.fromEntries(
      ['1.0.0', '1.2.0', '1.3.0'].map((version) => {
        const integrity = integrityOf(tarballs.get(`@acme/weather@${version}`) ?? Buffer.of());
        const name = '@acme/weather';
        const sig = signed(secret.privateKey, signedMessage({ name, version, integrity }));
        const dist = { tarball: 'x', integrity, signatures: [{ keyid: secret.key.keyid, sig }] };
        return [version, { name, version, dist, vp: { manifestVersion: 1, entry: './x.js' } }];
      }),
    ),
    time: { created: 'x', '1.0.0': '2026-01-01T00:00:00Z', '1.2.0': '2026-02-01T00:00:00Z' },
  });
  const at = '2026-03-01T00:00:00Z';
  const list = {
    serial: 7,
    entries: withdrawn.map((version) => ({ package: '@acme/weather', version, reason: 'leaks', at })),
  };
  const killList = {
    ...list,
    signature: { keyid: secret.key.keyid, sig: signed(secret.privateKey, documentMessage(list)) },
  };
  const source: PackageSource = {
    registryOf: (name) => (name.startsWith('@acme/') ? registry : 'https://registry.npmjs.org/'),
    packument: async () => document,
    dependency: async () => ({}),
    tarball: async ({ name, version }) => tarballs.get(`${name}@${version}`) ?? Buffer.of(),
    keys: async () => [secret.key],
    killList: async () => killList,
  };
  return { project, lock, source, tarballs };
}

export type BundleSite = Awaited<ReturnType<typeof bundleSite>>;
