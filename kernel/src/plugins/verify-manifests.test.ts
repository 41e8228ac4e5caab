import type { Manifest, PluginPackage } from '@vp/contracts/manifest';
import { expect, test } from 'vitest';
import { verifyManifests } from './verify-manifests.ts';

const versions = { vp: '1.4.0', node: '26.0.0' };

function pack(name: string, vp: Partial<Manifest> = {}, more: Partial<PluginPackage> = {}): PluginPackage {
  return {
    name,
    version: '1.0.0',
    type: 'module',
    engines: { vp: '^1.0.0' },
    vp: { manifestVersion: 1, entry: './plugin.js', ...vp },
    ...more,
  };
}

const source = (id: string): Partial<Manifest> => ({
  contributes: { sources: [{ id, contract: 'source@1', formats: ['rows'] }] },
});

const codes = (...packages: readonly PluginPackage[]) =>
  verifyManifests(
    packages.map((each) => ({ name: each.name, package: each })),
    versions,
  ).map(({ code, plugin }) => `${plugin} ${code}`);

test('plugins that fit together are fit to be installed, though no file of them is here', () => {
  const base = pack('@acme/base', { provides: ['acme.base@1'] });
  const app = pack('@acme/app', {
    ...source('app'),
    requires: { services: ['acme.base@1', 'vp.logger@1'], plugins: { '@acme/base': '^1' } },
  });
  expect(codes(base, app)).toEqual([]);
});

test('each that does not fit has its reason, and takes along those that need it', () => {
  expect(codes(pack('@acme/old', {}, { engines: { vp: '^9.0.0' } }))).toEqual([
    '@acme/old@1.0.0 VP_PLUGIN_ENGINE',
  ]);
  expect(codes(pack('@acme/cjs', {}, { type: 'commonjs' }))).toEqual(['@acme/cjs@1.0.0 VP_PLUGIN_NOT_ESM']);
  expect(codes(pack('@acme/a', source('same')), pack('@acme/b', source('same')))).toEqual([
    '@acme/b@1.0.0 VP_CONTRIBUTION_DUPLICATE',
  ]);
  expect(codes(pack('@acme/c', { requires: { services: ['acme.none@1'] } }))).toEqual([
    '@acme/c@1.0.0 VP_SERVICE_MISSING',
  ]);
  expect(codes(pack('@acme/d', { requires: { plugins: { '@acme/e': '^2' } } }), pack('@acme/e'))).toEqual([
    '@acme/d@1.0.0 VP_PLUGIN_CONFLICT',
  ]);
  expect(
    codes(
      pack('@acme/f', { provides: ['acme.f@1'] }, { engines: { vp: '>=1' } }),
      pack('@acme/g', { requires: { services: ['acme.f@1'] } }),
    ),
  ).toEqual(['@acme/f@1.0.0 VP_PLUGIN_ENGINE_OPEN', '@acme/g@1.0.0 VP_PLUGIN_DEPENDENCY_FAILED']);
});

test('an alias stands beside the plugin of its name, with a range of its own', () => {
  const candidates = [
    { name: 'pg', range: '^2', package: pack('@acme/pg', source('pg'), { version: '2.1.0' }) },
    { name: '@acme/pg', range: '^1', package: pack('@acme/pg', source('pg'), { version: '1.9.0' }) },
  ];
  expect(verifyManifests(candidates, versions)).toEqual([]);
});
