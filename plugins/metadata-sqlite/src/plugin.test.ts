import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBrand, type PluginRegistrar, type Store } from '@vp/plugin-sdk';
import { expect, onTestFinished, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { errorTable } from './errors.ts';
import plugin from './plugin.ts';

test('fills exactly what the manifest names, and puts the file where the project says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vp-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const paths = {
    project: folder,
    state: join(folder, '.vp'),
    resolve: (path: string) => join(folder, path),
  };
  const made: string[] = [];
  const stores: Promise<Store>[] = [];
  const registrar: PluginRegistrar = {
    contribute(point, id, provider) {
      made.push(`${point.contract} ${id}`);
      for (const config of [{}, { path: 'elsewhere/meta.db' }]) {
        stores.push(Reflect.apply(provider.create, provider, [{ config, deps: { paths } }]));
      }
    },
    provide: () => expect.unreachable(),
    tap: () => expect.unreachable(),
  };

  expect(hasBrand(plugin, '@vp/plugin', 'v1')).toBe(true);
  plugin.register(registrar);
  expect(made).toEqual(packageJson.vp.contributes.stores.map((s) => `${s.contract} ${s.id}`));
  for (const store of await Promise.all(stores)) await store[Symbol.asyncDispose]?.();
  expect((await stat(join(folder, '.vp/metadata.db'))).size).toBeGreaterThan(0);
  expect((await stat(join(folder, 'elsewhere/meta.db'))).size).toBeGreaterThan(0);
});

test('each error has a summary for the index', () => {
  for (const row of Object.values(errorTable)) expect(row.summary).toMatch(/\.$/);
});
