import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installFrozen } from '../src/install/frozen.ts';
import { verifyInstalled } from '../src/install/verify.ts';
import { registrySource } from '../src/source/registry-source.ts';
import {
  type FixturePackage,
  type FixtureRegistry,
  sourcePlugin,
  startFixtureRegistry,
} from './lib/fixture-registry.ts';
import { testProject } from './lib/project.ts';

let registry: FixtureRegistry;

beforeAll(async () => {
  registry = await startFixtureRegistry();
  await registry.publish({ name: '@acme/good', version: '1.0.0', vp: sourcePlugin('good') });
});

afterAll(() => registry[Symbol.asyncDispose]());

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const other = Buffer.from('not what was published');

const attacks: Readonly<Record<string, readonly [wanted: string, Partial<FixturePackage>]>> = {
  'a tarball that was tampered with in the storage': ['VP_INSTALL_INTEGRITY', { tamper: () => other }],
  'a byte of the tarball that was turned': [
    'VP_INSTALL_INTEGRITY',
    { tamper: (bytes) => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte))) },
  ],
  'an integrity that nobody signed': [
    'VP_TRUST_WRONG_SIGNATURE',
    { dist: { integrity: `sha512-${Buffer.alloc(64).toString('base64')}` } },
  ],
  'no integrity': ['VP_TRUST_NO_INTEGRITY', { dist: { integrity: undefined } }],
  'no signature': ['VP_POLICY_UNSIGNED', { unsigned: true }],
  'a signature of another version': [
    'VP_TRUST_WRONG_SIGNATURE',
    { dist: { signatures: [{ keyid: '', sig: 'MEUCIQ==' }] } },
  ],
  'a link in the tarball': [
    'VP_INSTALL_TARBALL',
    { entries: [{ name: 'package/evil', type: 'symlink', linkname: '/etc/passwd' }] },
  ],
  'a hard link in the tarball': [
    'VP_INSTALL_TARBALL',
    { entries: [{ name: 'package/evil', type: 'link', linkname: '../../../../vp.toml' }] },
  ],
  'a path that leads out of the package': [
    'VP_INSTALL_TARBALL',
    { entries: [{ name: 'package/../../../../evil' }] },
  ],
  'an absolute path': ['VP_INSTALL_TARBALL', { entries: [{ name: '/tmp/vp-evil-absolute' }] }],
  'a path with backslashes': ['VP_INSTALL_TARBALL', { entries: [{ name: 'package/..\\..\\evil' }] }],
  'a file where a folder is': [
    'VP_INSTALL_TARBALL',
    { files: { 'a/b': 'x' }, entries: [{ name: 'package/a' }] },
  ],
  'a file beside those that the registry counted': [
    'VP_INSTALL_TREE',
    { entries: [{ name: 'package/extra.js' }] },
  ],
  'a manifest that asks for less than the tarball': [
    'VP_INSTALL_LYING_MANIFEST',
    {
      vp: sourcePlugin('bad', { permissions: { network: ['*'], subprocess: ['*'] } }),
      document: { vp: sourcePlugin('bad') },
    },
  ],
  'dependencies that the document does not show': [
    'VP_INSTALL_LYING_MANIFEST',
    { manifest: { dependencies: { '@acme/good': '1.0.0' } }, document: { dependencies: {} } },
  ],
  'a tarball of another package': [
    'VP_INSTALL_LYING_MANIFEST',
    { manifest: { name: '@acme/other' }, document: { name: '@acme/bad' } },
  ],
  'a version that was withdrawn': [
    'VP_INSTALL_YANKED',
    {
      document: {
        vpRegistry: {
          tree: 'sha256-0',
          manifest: 'sha256-0',
          yanked: { reason: 'it leaks', at: '2026-02-01T00:00:00.000Z' },
        },
      },
    },
  ],
};

describe('each is refused by its name, and leaves what was there as it was', () => {
  test.each(Object.entries(attacks))('%s', async (_, [wanted, attack]) => {
    await using hostile = await startFixtureRegistry();
    await hostile.publish({ name: '@acme/good', version: '1.0.0', vp: sourcePlugin('good') });
    const [signature] = hostile.keys;
    const dist =
      attack.dist?.signatures === undefined
        ? attack.dist
        : { signatures: [{ keyid: signature?.keyid, sig: 'MEUCIQ==' }] };
    await hostile.publish({
      name: '@acme/bad',
      version: '1.0.0',
      vp: sourcePlugin('bad'),
      ...attack,
      ...(dist === undefined ? {} : { dist }),
    });
    using project = testProject();
    await project.install(hostile.url, ['@acme/good']);
    const before = project.state();
    await expect(project.install(hostile.url, ['@acme/bad'])).rejects.toThrow(code(wanted));
    expect(project.state()).toEqual(before);
    expect(existsSync('/tmp/vp-evil-absolute')).toBe(false);
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true });
  });
});

test('no script of a package runs', async () => {
  using project = testProject();
  const mark = join(project.dir, 'ran');
  const script = `node -e "require('fs').writeFileSync('${mark}', '')"`;
  const scripts = { preinstall: script, install: script, postinstall: script, prepare: script };
  await registry.publish({
    name: 'scripted',
    version: '1.0.0',
    manifest: { scripts, hasInstallScript: true },
  });
  await registry.publish({
    name: '@acme/scripted',
    version: '1.0.0',
    vp: sourcePlugin('scripted'),
    manifest: { scripts, dependencies: { scripted: '1.0.0' } },
  });
  await project.install(registry.url, ['@acme/scripted']);
  expect(existsSync(mark)).toBe(false);
});

test('an old document that is played back brings no older version, and a stolen name no other key', async () => {
  await using honest = await startFixtureRegistry();
  await honest.publish({ name: '@acme/x', version: '1.0.0', vp: sourcePlugin('x') });
  await honest.publish({ name: '@acme/x', version: '1.1.0', vp: sourcePlugin('x') });
  using project = testProject();
  await project.install(honest.url, ['@acme/x@^1.0.0']);
  const replay = await startFixtureRegistry();
  await using _ = replay;
  await replay.publish({ name: '@acme/x', version: '1.0.0', vp: sourcePlugin('x') });
  await expect(project.install(replay.url, ['@acme/x@latest'])).rejects.toThrow(code('VP_INSTALL_DOWNGRADE'));
  // The same address with other keys: somebody has taken the registry's place.
  honest.keys.splice(0, 1, ...replay.keys);
  await honest.publish({
    name: '@acme/y',
    version: '1.0.0',
    vp: sourcePlugin('y'),
    dist: { signatures: [{ keyid: replay.keys[0]?.keyid, sig: 'AAAA' }] },
  });
  await expect(project.install(honest.url, ['@acme/y'])).rejects.toMatchObject({
    code: 'VP_POLICY_UNSIGNED',
    cause: { code: 'VP_TRUST_KEY_NOT_ENDORSED' },
  });
});

test('a changed byte, a missing file and an added one are named by verify', async () => {
  using project = testProject();
  await project.install(registry.url, ['@acme/good']);
  const folder = join(project.dir, '.vp/plugins/current/node_modules/@acme/good');
  const text = readFileSync(join(folder, 'plugin.js'), 'utf8');
  writeFileSync(join(folder, 'plugin.js'), text.replace('v1', 'v2'));
  writeFileSync(join(folder, 'more.js'), '');
  const { ok, differences } = verifyInstalled(project.dir);
  expect(ok).toBe(false);
  expect(differences.map(({ file, kind }) => `${file} ${kind}`)).toEqual([
    'plugin.js changed',
    'more.js extra',
  ]);
});

test('a lock whose hashes were edited is refused by --frozen, by the name of the plugin', async () => {
  using project = testProject();
  await project.install(registry.url, ['@acme/good']);
  const text = project.read('vp.lock');
  const source = async () => registrySource({ options: await project.options(registry.url) });
  const frozen = () => installFrozen({ projectDir: project.dir, source });
  for (const [edit, wanted] of [
    [text.replace(/"manifest": "sha256-..../, '"manifest": "sha256-0000'), 'VP_INSTALL_LYING_MANIFEST'],
    [text.replaceAll(/"tree": "sha256-..../g, '"tree": "sha256-0000'), 'VP_INSTALL_TREE'],
    [text.replace(/"tree": "sha256-..../, '"tree": "sha256-0000'), 'VP_INSTALL_FROZEN'],
    [text.replaceAll(/"integrity": "sha512-..../g, '"integrity": "sha512-0000'), 'VP_TRUST_WRONG_SIGNATURE'],
    [text.replace(/"published": "2026/, '"publishd": "2026'), 'VP_LOCK_INVALID'],
    [text.replace(/,\s*"signature": \{[^}]*\}/, ''), 'VP_TRUST_UNSIGNED'],
    [text.slice(0, 300), 'VP_LOCK_NOT_JSON'],
  ] as const) {
    project.write('vp.lock', edit);
    await expect(frozen()).rejects.toThrow(code(wanted));
  }
  project.write('vp.lock', text);
  expect((await frozen()).because).toBeUndefined();
});

test('a name that is easily mistaken for an installed one is warned of, with the distance', async () => {
  await registry.publish({ name: '@acme/goood', version: '1.0.0', vp: sourcePlugin('goood') });
  await registry.publish({ name: '@vp/duckbd', version: '1.0.0', vp: sourcePlugin('duck') });
  using project = testProject();
  const { warnings } = await project.install(registry.url, ['@vp/duckbd'], { dryRun: true });
  expect(warnings.map(({ message }) => message)).toEqual([
    '@vp/duckbd is not @vp/duckdb: the names are one letter apart.',
  ]);
});

describe('a package that is locked from one registry comes from no other', () => {
  const toml = '[project]\nname = "x"\n';

  async function twoRegistries() {
    const ours = await startFixtureRegistry();
    const theirs = await startFixtureRegistry();
    await ours.publish({ name: '@acme/x', version: '1.0.0', vp: sourcePlugin('x') });
    await theirs.publish({ name: '@acme/x', version: '1.0.1', vp: sourcePlugin('x') });
    const dispose = async () => {
      await ours[Symbol.asyncDispose]();
      await theirs[Symbol.asyncDispose]();
    };
    return { ours, theirs, [Symbol.asyncDispose]: dispose };
  }

  test('not because .npmrc or the environment changed, even when the other one is trusted too', async () => {
    await using both = await twoRegistries();
    const { ours, theirs } = both;
    using project = testProject(toml);
    await project.install(ours.url, ['@acme/x']);
    await theirs.publish({ name: '@acme/y', version: '1.0.0', vp: sourcePlugin('y') });
    await project.install(theirs.url, ['@acme/y']);
    const before = project.state();
    for (const specs of [['@acme/x@^1.0.1'], ['@acme/x@1.0.1'], ['z=@acme/x@^1.0.1']])
      await expect(project.install(theirs.url, specs)).rejects.toThrow(code('VP_INSTALL_REGISTRY_CHANGED'));
    await expect(project.install(theirs.url, [], { renew: ['@acme/x'] })).rejects.toThrow(
      code('VP_INSTALL_REGISTRY_CHANGED'),
    );
    expect(project.state()).toEqual(before);
  });

  test('the same registry at another address is known by its key', async () => {
    await using both = await twoRegistries();
    const { ours } = both;
    using project = testProject(toml);
    await project.install(ours.url, ['@acme/x']);
    await ours.publish({ name: '@acme/x', version: '1.1.0', vp: sourcePlugin('x') });
    const moved = ours.url.replace('127.0.0.1', 'localhost');
    expect((await project.install(moved, ['@acme/x@^1.1'])).changes).toMatchObject([{ to: '1.1.0' }]);
  });

  test('another one that [policy] names for the scope was meant', async () => {
    await using both = await twoRegistries();
    const { ours, theirs } = both;
    using project = testProject(toml);
    await project.install(ours.url, ['@acme/x']);
    project.write(
      'vp.toml',
      `${project.read('vp.toml')}\n[policy.registries]\n"${theirs.url}" = ["@acme"]\n`,
    );
    expect((await project.install(theirs.url, ['@acme/x@^1.0.1'])).changes).toMatchObject([{ to: '1.0.1' }]);
  });
});

test('a withdrawn version whose document keeps quiet is refused by the list that was seen last', async () => {
  using project = testProject();
  await project.install(registry.url, []);
  const signature = { keyid: 'any', sig: 'it was checked when it came' };
  const entry = { package: '@acme/good', version: '1.0.0', reason: 'it leaks', at: '2026-02-01T00:00:00Z' };
  const lists = { [registry.url]: { checked: entry.at, list: { serial: 1, entries: [entry], signature } } };
  mkdirSync(join(project.dir, '.vp/plugins'), { recursive: true });
  project.write('.vp/plugins/kill-lists.json', JSON.stringify({ format: 1, registries: lists }));
  await expect(project.install(registry.url, ['@acme/good'])).rejects.toThrow(code('VP_INSTALL_YANKED'));
});

test('a name that every object of JavaScript knows is no key of a plugin', async () => {
  await registry.publish({ name: 'constructor', version: '1.0.0', vp: sourcePlugin('builds') });
  using project = testProject();
  for (const spec of ['constructor', 'constructor=@acme/good'])
    await expect(project.install(registry.url, [spec])).rejects.toThrow(code('VP_INSTALL_SPEC'));
  const toml = project.read('vp.toml');
  for (const line of [
    'constructor = "^1"',
    '"../x" = "^1"',
    'x = { version = "^1", package = "../../etc" }',
  ]) {
    project.write('vp.toml', `${toml}[plugins]\n${line}\n`);
    await expect(project.install(registry.url, [])).rejects.toThrow(code('VP_INSTALL_SPEC'));
  }
  project.write('vp.toml', toml);
  await project.install(registry.url, ['builder=constructor']);
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 1 });
});

test('a tarball that unpacks to more than any plugin has is refused before it is written', async () => {
  // More than half a gigabyte of nothing in half a megabyte: gzip files may follow one another.
  const piece = gzipSync(Buffer.alloc(2 ** 24));
  const bomb = Buffer.concat(Array.from({ length: 34 }, () => piece));
  const dist = { integrity: `sha512-${hash('sha512', bomb, 'base64')}` };
  await registry.publish({ name: 'bomb', version: '1.0.0', tamper: () => bomb, dist });
  const manifest = { dependencies: { bomb: '1.0.0' } };
  await registry.publish({ name: '@acme/bomber', version: '1.0.0', vp: sourcePlugin('bomber'), manifest });
  using project = testProject();
  await expect(project.install(registry.url, ['@acme/bomber'])).rejects.toThrow(code('VP_INSTALL_TARBALL'));
  expect(project.state()).toMatchObject({ lock: undefined, stages: [] });
});
