import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { formatLock, type Lock, lockDigest } from '@vp/contracts/registry';
import { readGeneration, verifyGeneration } from '@vp/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rollback } from '../src/install/rollback.ts';
import { verifyInstalled } from '../src/install/verify.ts';
import { type FixtureRegistry, sourcePlugin, startFixtureRegistry } from './lib/fixture-registry.ts';
import { type TestProject, testProject } from './lib/project.ts';
import { publishUsual } from './lib/usual-plugins.ts';

let registry: FixtureRegistry;

beforeAll(async () => {
  registry = await startFixtureRegistry();
  await publishUsual(registry);
});

afterAll(() => registry[Symbol.asyncDispose]());

const lockOf = (project: TestProject): Lock => JSON.parse(project.read('vp.lock'));
const kinds = ({
  changes,
}: {
  readonly changes: readonly {
    readonly kind: string;
    readonly key: string;
    readonly to?: string | undefined;
  }[];
}) => changes.map(({ kind, key, to }) => `${kind} ${key} ${to ?? ''}`.trim());
const code = (wanted: string) => expect.objectContaining({ code: wanted });

test('a plugin is chosen, locked, installed with its tree, and noted in vp.toml', async () => {
  using project = testProject('# mine\n[project]\nname = "x" # short\n');
  const result = await project.install(registry.url, ['@acme/pg@^1.0.0']);
  expect(kinds(result)).toEqual(['add @acme/pg 1.1.0']);
  expect(result.changes[0]).toMatchObject({
    signed: true,
    asks: [{ kind: 'network', wanted: 'db.internal:5432' }],
    contributions: [{ point: 'source', id: 'pg' }],
  });
  expect(project.read('vp.toml')).toBe(
    '# mine\n[project]\nname = "x" # short\n\n[plugins."@acme/pg"]\nversion = "^1.0.0"\ngrants = { network = ["db.internal:5432"] }\n',
  );
  const lock = lockOf(project);
  expect(lock.plugins['@acme/pg']).toMatchObject({
    version: '1.1.0',
    registry: registry.url,
    contracts: ['source@1'],
    signature: { keyid: registry.keys[0]?.keyid },
    grants: { network: ['db.internal:5432'] },
  });
  expect(lock.registries[registry.url]?.keys).toEqual(registry.keys);
  expect(project.read('vp.lock')).toBe(formatLock(lock));
  // Of the optional packages for two systems one lies here, and both are locked.
  expect(Object.keys(lock.packages)).toEqual(
    expect.arrayContaining(['node_modules/native-aix', 'node_modules/native-linux']),
  );
  const modules = join(project.dir, '.vp/plugins/current/node_modules');
  expect(readdirSync(modules).sort()).toEqual(['@acme', 'left', 'native-linux']);
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 1, packages: 3 });
  expect(result.digest).toBe(lockDigest(lock));
});

test('what is locked stays, unless a version is asked for; going back needs the exact one', async () => {
  using project = testProject();
  await project.install(registry.url, ['@acme/pg@1.0.0'], { saveExact: true });
  expect(project.read('vp.toml')).toContain('"@acme/pg" = "1.0.0"');
  project.write('vp.toml', project.read('vp.toml').replace('"1.0.0"', '"^1.0.0"'));
  expect(kinds(await project.install(registry.url, ['@acme/weather']))).toEqual(['add @acme/weather 1.0.0']);
  expect(lockOf(project).plugins['@acme/pg']?.version).toBe('1.0.0');
  expect(kinds(await project.install(registry.url, ['@acme/pg@latest']))).toEqual(['upgrade @acme/pg 2.0.0']);
  await expect(project.install(registry.url, ['@acme/pg@^1.0.0'])).rejects.toThrow(
    code('VP_INSTALL_DOWNGRADE'),
  );
  expect(kinds(await project.install(registry.url, ['@acme/pg@1.1.0']))).toEqual([
    'downgrade @acme/pg 1.1.0',
  ]);
  const nothing = await project.install(registry.url, []);
  expect(nothing.changes).toEqual([]);
  expect(nothing.set).toBeUndefined();
});

test('two majors of one plugin lie side by side, each with its own tree', async () => {
  using project = testProject();
  await project.install(registry.url, ['old=@acme/pg@1', 'new=@acme/pg@2']);
  const modules = join(project.dir, '.vp/plugins/current/node_modules');
  const find = (key: string) => {
    const own = join(modules, key, 'node_modules/left/index.js');
    return readFileSync(existsSync(own) ? own : join(modules, 'left/index.js'), 'utf8');
  };
  expect(find('old')).toContain('1.1.0');
  expect(find('new')).toContain('2.0.0');
  expect(project.read('vp.toml')).toContain('[plugins.old]\nversion = "1"\npackage = "@acme/pg"');
  const index = readGeneration(project.dir)?.index.packages ?? {};
  expect(index['node_modules/old']?.closure).not.toEqual(index['node_modules/new']?.closure);
  expect(kinds(await project.install(registry.url, [], { remove: ['old'] }))).toEqual(['remove old']);
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 1 });
});

test('an alias of a newer version in the same range leaves the older one as it is', async () => {
  using project = testProject();
  const tide = { name: '@acme/tide', vp: sourcePlugin('tide') };
  await registry.publish({ ...tide, version: '1.0.0' });
  await project.install(registry.url, ['@acme/tide@^1.0.0']);
  await registry.publish({ ...tide, version: '1.1.0' });
  await project.install(registry.url, ['next=@acme/tide@^1.1.0']);
  expect(lockOf(project).plugins).toMatchObject({
    '@acme/tide': { version: '1.0.0' },
    next: { version: '1.1.0' },
  });
});

test('nobody agrees: refused before anything is downloaded or written', async () => {
  using project = testProject();
  const before = project.state();
  const asked = registry.asked.length;
  await expect(project.install(registry.url, ['@acme/pg'], { grant: undefined })).rejects.toThrow(
    code('VP_INSTALL_NOT_APPROVED'),
  );
  const no = await project.install(registry.url, ['@acme/pg'], {
    grant: undefined,
    approve: async () => false,
  });
  expect(no).toMatchObject({ declined: true });
  const grant = { network: ['elsewhere:1'] };
  await expect(project.install(registry.url, ['@acme/pg'], { grant })).rejects.toThrow(
    code('VP_INSTALL_NOT_GRANTED'),
  );
  const dry = await project.install(registry.url, ['@acme/pg'], { dryRun: true });
  expect(kinds(dry)).toEqual(['add @acme/pg 2.0.0']);
  expect(registry.asked.slice(asked).filter((path) => path.endsWith('.tgz'))).toEqual([]);
  expect(project.state()).toEqual(before);
});

describe('what does not fit is refused, and the set that was there works on', () => {
  test.each([
    ['VP_PLUGIN_ENGINE', ['@acme/future']],
    ['VP_CONTRIBUTION_DUPLICATE', ['@acme/rival', '@acme/weather']],
    ['VP_INSTALL_CONFLICT', ['@acme/needy', '@acme/pg@2']],
    ['VP_INSTALL_CONFLICT', ['@acme/needy']],
    ['VP_INSTALL_NOT_A_PLUGIN', ['left']],
    ['VP_INSTALL_COMMAND_TAKEN', ['@acme/tool']],
    ['VP_INSTALL_NO_VERSION', ['@acme/pg@^7']],
    ['VP_INSTALL_NO_TAG', ['@acme/pg@beta']],
    ['VP_REGISTRY_NO_PACKAGE', ['@acme/nothing']],
    ['VP_INSTALL_SPEC', ['./here']],
    ['VP_INSTALL_SPEC', ['git+https://x/y.git']],
    ['VP_INSTALL_SPEC', ['Bad=@acme/pg']],
  ])('%s: %s', async (wanted, specs) => {
    using project = testProject();
    await project.install(
      registry.url,
      ['@acme/weather'].filter((each) => !specs.includes('@acme/rival') || each === ''),
    );
    const before = project.state();
    await expect(project.install(registry.url, specs, { builtInCommands: ['plan'] })).rejects.toThrow(
      code(wanted),
    );
    expect(project.state()).toEqual(before);
  });

  test('a plugin that another one requires is not removed', async () => {
    using project = testProject();
    await project.install(registry.url, ['@acme/needy', '@acme/pg@1']);
    await expect(project.install(registry.url, [], { remove: ['@acme/pg'] })).rejects.toThrow(
      code('VP_INSTALL_CONFLICT'),
    );
    await expect(project.install(registry.url, [], { remove: ['@acme/pq'] })).rejects.toThrow(
      expect.objectContaining({ code: 'VP_INSTALL_NOT_THERE', message: expect.stringContaining('@acme/pg') }),
    );
  });
});

test('the old generation is not touched by the new one, and rollback goes back to it with vp.lock and vp.toml', async () => {
  using project = testProject();
  await project.install(registry.url, ['@acme/pg@1.0.0', '@acme/weather']);
  const first = project.state();
  const folder = join(project.dir, '.vp/plugins', readlinkSync(join(project.dir, '.vp/plugins/current')));
  const lock = lockOf(project);
  await project.install(registry.url, ['@acme/pg@2.0.0']);
  await project.install(registry.url, [], { remove: ['@acme/weather'] });
  const { index } = readGeneration(project.dir) ?? {};
  expect(index?.packages['node_modules/left']).toBeDefined();
  const old = JSON.parse(readFileSync(join(folder, 'vp-index.json'), 'utf8'));
  expect(verifyGeneration({ folder, index: old, lock })).toMatchObject({ differences: [], faults: [] });
  for (const [path, { ctime }] of Object.entries<{ ctime: number }>(
    old.packages['node_modules/@acme/pg'].files,
  ))
    expect(statSync(join(folder, 'node_modules/@acme/pg', path)).ctimeMs).toBe(ctime);
  await rollback({ projectDir: project.dir });
  await rollback({ projectDir: project.dir });
  expect(project.state()).toEqual(first);
  await expect(rollback({ projectDir: project.dir })).rejects.toThrow(code('VP_INSTALL_NO_PREVIOUS'));
});

test('a plugin that one environment alone uses is locked too, and stays out of [plugins]', async () => {
  using project = testProject(
    '[project]\nname = "x"\n\n[env.prod.plugins]\n"@acme/weather" = "^1.0.0" # in production\n',
  );
  const toml = project.read('vp.toml');
  expect(kinds(await project.install(registry.url, []))).toEqual(['add @acme/weather 1.0.0']);
  expect(project.read('vp.toml')).toBe(toml);
  await project.install(registry.url, ['@acme/pg@1']);
  await rollback({ projectDir: project.dir });
  expect(project.read('vp.toml')).toBe(toml);
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 1 });
});

test('what a package brings in its own tarball is a package of its own, verified like all others', async () => {
  await registry.publish({ name: 'inner', version: '9.0.0' });
  await registry.publish({
    name: 'bundler',
    version: '1.0.0',
    manifest: { dependencies: { inner: '^1.0.0', left: '^1.0.0' }, bundleDependencies: ['inner'] },
    files: {
      'node_modules/inner/package.json': JSON.stringify({ name: 'inner', version: '1.0.0', license: 'MIT' }),
      'node_modules/inner/index.js': 'export default 1;\n',
    },
  });
  const manifest = { dependencies: { bundler: '1.0.0' } };
  await registry.publish({ name: '@acme/bundles', version: '1.0.0', vp: sourcePlugin('bundles'), manifest });
  using project = testProject();
  await project.install(registry.url, ['@acme/bundles']);
  const place = 'node_modules/bundler/node_modules/inner';
  expect(lockOf(project).packages[place]).toMatchObject({ version: '1.0.0', inBundle: true, license: 'MIT' });
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, packages: 4 });
  writeFileSync(join(project.dir, '.vp/plugins/current', place, 'index.js'), 'export default 2;\n');
  expect(verifyInstalled(project.dir).differences).toMatchObject([
    { place, file: 'index.js', kind: 'changed' },
  ]);
  await project.install(registry.url, ['@acme/weather']);
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, packages: 5 });
});

test('vp.toml keeps its mode, and a link to it', async () => {
  using project = testProject();
  chmodSync(join(project.dir, 'vp.toml'), 0o600);
  renameSync(join(project.dir, 'vp.toml'), join(project.dir, 'home/vp.toml'));
  symlinkSync('home/vp.toml', join(project.dir, 'vp.toml'));
  await project.install(registry.url, ['@acme/weather']);
  expect(readlinkSync(join(project.dir, 'vp.toml'))).toBe('home/vp.toml');
  expect(statSync(join(project.dir, 'home/vp.toml')).mode & 0o777).toBe(0o600);
  expect(project.read('home/vp.toml')).toContain('@acme/weather');
});

test('of many installs the last three sets are kept', async () => {
  using project = testProject();
  for (const spec of [
    '@acme/pg@1.0.0',
    '@acme/pg@1.1.0',
    '@acme/pg@2.0.0',
    '@acme/weather',
    '@acme/pg@1.1.0',
  ])
    await project.install(registry.url, [spec]);
  expect(readdirSync(join(project.dir, '.vp/plugins/generations')).sort()).toEqual(['3', '4', '5']);
});
