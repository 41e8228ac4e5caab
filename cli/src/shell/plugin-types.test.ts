import { expect, test } from 'vitest';
import { pluginTypes } from './plugin-types.ts';

test('plugins with typed options are imported, those of others are known by name', () => {
  const text = pluginTypes([
    {
      pack: { name: '@vp/files' },
      declarations: "declare module '@vp/contracts' { interface SourceOptions { files: X } }",
    },
    {
      pack: { name: 'acme', vp: { contributes: { sources: [{ id: 'acme' }], sinks: [{ id: 'acme-out' }] } } },
      declarations: undefined,
    },
    { pack: { name: '@vp/duckdb' }, declarations: 'export {};' },
  ]);
  expect(text).toContain("import type {} from '@vp/files';");
  expect(text).toMatch(
    /interface KnownSources \{\n {4}'acme': true;\n {2}\}\n {2}interface KnownSinks \{\n {4}'acme-out': true;/,
  );
  expect(text).not.toContain('duckdb');
  expect(pluginTypes([])).toContain('export {};');
});
