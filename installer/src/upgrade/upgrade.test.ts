import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { JsonSchema } from '@vp/contracts';
import type { Manifest, PluginPackage } from '@vp/contracts/manifest';
import type { Policy } from '@vp/kernel';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { type Packument, packumentSchema } from '../client/packument.ts';
import type { PackageSource } from '../source/source.ts';
import { configChanges } from './config-changes.ts';
import { outlook } from './outlook.ts';
import { permissionChanges } from './permission-changes.ts';
import { upgradeStep } from './step.ts';
import { findVersion } from './version-description.ts';

const object = (properties: JsonSchema, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});

test('each way in which a key of a configuration changes is told, and whether it may break', () => {
  const before = object(
    {
      host: { type: 'string' },
      port: { type: 'integer', default: 5432 },
      mode: { enum: ['a', 'b'] },
      ssl: { type: 'boolean' },
      gone: { type: 'string' },
      path: { type: 'string' },
    },
    ['host'],
  );
  const after = object(
    {
      host: { type: 'string' },
      port: { type: 'integer', default: 6432 },
      mode: { enum: ['a', 'b', 'c'] },
      ssl: { type: 'string' },
      path: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      user: { type: 'string' },
      pool: { type: 'integer', default: 4 },
    },
    ['user', 'pool'],
  );
  const told = configChanges(before, after).map(
    ({ key, change, breaking }) => `${key} ${change}${breaking ? '!' : ''}`,
  );
  expect(told).toEqual([
    'gone removed!',
    'host optional',
    'mode retyped',
    'path retyped',
    'pool added',
    'port default',
    'ssl retyped!',
    'user added!',
  ]);
  expect(configChanges(after, after)).toEqual([]);
  expect(configChanges(undefined, undefined)).toEqual([]);
});

test('what is added one way is removed the other way, and nothing is between equals', () => {
  const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
  const permissions = fc.record({ network: list, env: list, native: fc.boolean() });
  fc.assert(
    fc.property(permissions, permissions, (before, after) => {
      const there = permissionChanges(before, after);
      const back = permissionChanges(after, before);
      expect(there.added).toEqual(back.removed);
      expect(permissionChanges(after, after)).toEqual({ added: {}, removed: {} });
    }),
  );
  expect(permissionChanges({ network: ['a:1'] }, { network: ['a:1', 'b:2'], native: true }).added).toEqual({
    network: ['b:2'],
    native: true,
  });
});

const policy: Policy = { signatures: 'require', unverified: 'allow', kill_list_max_age: '1h' };
const now = new Date('2026-11-24T12:00:00Z');
const facts = { tree: 't', manifest: 'm' };

function document(
  versions: Readonly<Record<string, object>>,
  times: Readonly<Record<string, string>> = {},
): Packument {
  return packumentSchema.parse({
    name: '@acme/weather',
    'dist-tags': { latest: Object.keys(versions).at(-1) },
    versions: Object.fromEntries(
      Object.entries(versions).map(([version, more]) => [
        version,
        { name: '@acme/weather', version, dist: { tarball: 'http://x/y.tgz' }, ...more },
      ]),
    ),
    time: {
      ...Object.fromEntries(Object.keys(versions).map((each) => [each, '2026-01-01T00:00:00Z'])),
      ...times,
    },
  });
}

test('wanted is the newest of the range, latest of all; what is held back is named', () => {
  const yanked = { vpRegistry: { ...facts, yanked: { reason: 'leaks', at: '2026-01-02' } } };
  const packument = document(
    { '1.0.0': yanked, '1.1.0': {}, '1.2.0': yanked, '2.0.0': {}, '2.1.0': {}, '3.0.0-beta.1': {} },
    { '2.1.0': '2026-11-24T11:00:00Z' },
  );
  const plugin = { key: '@acme/weather', package: '@acme/weather', version: '1.0.0', range: '^1' };
  const base = { plugin, packument, registry: 'https://npm.acme.dev/', now };
  const seen = outlook({ ...base, policy: { ...policy, minimum_release_age: '1d' } });
  expect(seen).toMatchObject({ wanted: '1.1.0', latest: '2.0.0', withdrawn: 'leaks' });
  expect(seen.held.map(({ version, code }) => `${version} ${code}`)).toEqual([
    '1.2.0 withdrawn',
    '2.1.0 VP_POLICY_TOO_YOUNG',
  ]);
  expect(outlook({ ...base, policy }).latest).toBe('2.1.0');
  const beta = { ...plugin, range: '>=3.0.0-0' };
  expect(outlook({ ...base, plugin: beta, policy }).wanted).toBe('3.0.0-beta.1');
  const newest = { ...plugin, version: '2.1.0', range: '*' };
  expect(outlook({ ...base, plugin: newest, policy })).toMatchObject({
    wanted: '2.1.0',
    latest: '2.1.0',
    held: [],
  });
});

test('a version is named by itself, by a tag or by a range; one that is not there is told with what there is', () => {
  const packument = document({ '1.0.0': {}, '1.1.0': {}, '2.0.0': {} });
  expect(['latest', '1.0.0', '^1'].map((each) => findVersion(packument, each).version)).toEqual([
    '2.0.0',
    '1.0.0',
    '1.1.0',
  ]);
  expect(() => findVersion(packument, '1.1.1')).toThrow(/has no version 1\.1\.1\. Did you mean "1\.1\.0"\?/);
  expect(() => findVersion(packument, 'nxt')).toThrow(/There is: "2\.0\.0"/);
});

const manifest = (source: object, more: object = {}): Manifest => ({
  manifestVersion: 1,
  entry: './index.js',
  contributes: { sources: [{ id: 'weather', contract: 'source@1', formats: ['rows'], ...source }] },
  ...more,
});

test('an upgrade is compared with what is installed, schemas in files too, and with what the project sets', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vp-upgrade-'));
  try {
    await mkdir(join(directory, 'dist'));
    const old = object({ city: { type: 'string' }, unit: { enum: ['c', 'f'] } });
    await writeFile(join(directory, 'dist/weather.schema.json'), JSON.stringify(old));
    const fresh = object({ city: { type: 'string' }, station: { type: 'string' } }, ['station']);
    const archive = pack();
    archive.entry({ name: 'package/dist/weather.schema.json' }, JSON.stringify(fresh));
    archive.entry({ name: 'package/README.md' }, 'x'.repeat(100_000));
    archive.finalize();
    const tarball = gzipSync(await buffer(archive));
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const source: PackageSource = {
      registryOf: () => 'https://npm.acme.dev/',
      packument: async () => packument,
      dependency: async () => ({}),
      tarball: async () => tarball,
      keys: async () => [],
      killList: async () => undefined,
    };
    const config = './dist/weather.schema.json';
    const vp = manifest(
      { contract: 'source@2', config, capabilities: ['incremental'] },
      { permissions: { network: ['api:443'] } },
    );
    const packument = document({ '2.0.0': { vp, engines: { vp: '^2' }, dist: { tarball: 'x', integrity } } });
    const installed: PluginPackage = {
      name: '@acme/weather',
      version: '1.0.0',
      engines: { vp: '^1' },
      vp: manifest({ config }),
    };
    const setting = (values: Readonly<Record<string, unknown>>) =>
      [{ place: 'connections.home', point: 'source', id: 'weather', schema: 'config', values }] as const;
    const plugin = {
      key: 'weather',
      package: '@acme/weather',
      version: '1.0.0',
      range: '^1',
      directory,
      manifest: installed,
    };
    const step = await upgradeStep({
      plugin,
      to: 'latest',
      packument,
      source,
      settings: setting({ unit: 'c' }),
    });
    expect(step).toMatchObject({
      to: '2.0.0',
      distance: 'major',
      beyondRange: true,
      needsGrant: true,
      engines: { from: '^1', to: '^2' },
      changes: {
        permissions: { added: { network: ['api:443'] } },
        contributions: [{ id: 'weather', contract: { from: 'source@1', to: 'source@2' } }],
      },
      conflicts: [
        { place: 'connections.home', key: 'station', problem: 'has to be set now (string)' },
        { place: 'connections.home', key: 'unit', problem: 'is not known any more' },
      ],
    });
    // Under an alias beside another version, its ids begin with the alias; another's settings are not its own.
    const [weather] = installed.vp.contributes?.sources ?? [];
    const contributes = weather === undefined ? {} : { sources: [{ ...weather, id: 'w1:weather' }] };
    const aliased = {
      ...plugin,
      key: 'w1',
      manifest: { ...installed, vp: { ...installed.vp, contributes } },
    };
    const [home] = setting({ unit: 'c' });
    const settings = [home, { ...home, id: 'w1:weather', place: 'connections.w1' }];
    const other = await upgradeStep({ plugin: aliased, to: 'latest', packument, source, settings });
    expect(other.changes).toEqual(step.changes);
    expect(other.conflicts.map(({ place }) => place)).toEqual(['connections.w1', 'connections.w1']);

    const mended = await upgradeStep({
      plugin,
      to: 'latest',
      packument,
      source,
      settings: setting({ station: 's' }),
    });
    expect(mended.conflicts).toEqual([]);

    const tampered = { ...source, tarball: async () => gzipSync('something else') };
    await expect(
      upgradeStep({ plugin, to: 'latest', packument, source: tampered, settings: [] }),
    ).rejects.toMatchObject({
      code: 'VP_UPGRADE_TARBALL_WRONG',
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
