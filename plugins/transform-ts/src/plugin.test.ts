import { hasBrand, type PluginRegistrar } from '@vp/plugin-sdk';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { errorTable } from './errors.ts';
import plugin from './plugin.ts';

test('fills exactly what the manifest names', () => {
  const made: string[] = [];
  const registrar: PluginRegistrar = {
    contribute: (point, id) => made.push(`${point.contract} ${id}`),
    provide: () => expect.unreachable(),
    tap: () => expect.unreachable(),
  };
  plugin.register(registrar);
  expect(hasBrand(plugin, '@vp/plugin', 'v1')).toBe(true);
  expect(made).toEqual(packageJson.vp.contributes.transforms.map((c) => `${c.contract} ${c.id}`));
});

test('each error has a summary for the index', () => {
  for (const row of Object.values(errorTable)) expect(row.summary).toMatch(/\.$/);
});
