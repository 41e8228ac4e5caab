import { expect, test } from 'vitest';
import { pluginTypes } from './plugin-types.ts';

test('plugins with typed options are imported, those of others are known by name', () => {
  const text = pluginTypes([
    {
      pack: { name: '@vp/files' },
      declarations: "declare module '@vp/contracts' { interface SourceOptions { files: X } }",
      specifier: '@vp/files',
    },
    {
      pack: { name: 'acme', vp: { contributes: { sources: [{ id: 'acme' }], sinks: [{ id: 'acme-out' }] } } },
      declarations: undefined,
      specifier: 'acme',
    },
    { pack: { name: '@vp/duckdb' }, declarations: 'export {};', specifier: '@vp/duckdb' },
  ]);
  expect(text).toContain("import type {} from '@vp/files';");
  expect(text).toMatch(
    /interface KnownSources \{\n {4}'acme': true;\n {2}\}\n {2}interface KnownSinks \{\n {4}'acme-out': true;/,
  );
  expect(text).not.toContain('duckdb');
  expect(pluginTypes([])).toContain('export {};');
});

test('an installed plugin extends contracts of its own tree, and its options are known all the same', () => {
  const contracts = './.vp/plugins/current/node_modules/@vp/plugin-sdk/dist/index.d.ts';
  const specifier = './.vp/plugins/current/node_modules/@vp/files/dist/index.d.ts';
  const declarations = "declare module '@vp/contracts' { interface SourceOptions { files: X } }";
  const text = pluginTypes([{ pack: { name: '@vp/files' }, declarations, specifier, contracts }]);
  expect(text).toContain(
    `import type { SinkOptions as Sinks0, SourceOptions as Sources0 } from '${contracts}';`,
  );
  expect(text).toContain(`import type {} from '${specifier}';`);
  expect(text).toContain('interface KnownSources extends Sources0 {}');
});

test('a second version of a plugin is known by its alias', () => {
  const pack = { name: 'acme', vp: { contributes: { sources: [{ id: 'acme' }] } } };
  const text = pluginTypes([
    { pack, declarations: undefined, specifier: 'acme' },
    { pack, declarations: undefined, specifier: 'acme', prefix: 'old:' },
  ]);
  expect(text).toMatch(/'acme': true;\n +'old:acme': true;/);
});
