import { describe, expect, test } from 'vitest';
import { objection } from './lib/import-rule.ts';
import { importsOf } from './lib/imports.ts';

const own = new Set([
  '@vp/contracts',
  '@vp/kernel',
  '@vp/plugin-sdk',
  '@vp/duckdb',
  '@vp/files',
  'vibepiper',
]);

const names: Record<string, string> = {
  contracts: '@vp/contracts',
  kernel: '@vp/kernel',
  'plugin-sdk': '@vp/plugin-sdk',
  cli: 'vibepiper',
  'plugins/files': '@vp/files',
};

function ask(dir: string, file: string, specifier: string) {
  const manifest = {
    name: names[dir] ?? dir,
    dependencies: { 'p-retry': '1' },
    devDependencies: { '@types/semver': '1', esbuild: '1' },
  };
  return objection({ workspace: { dir, manifest }, own, file, site: { specifier, line: 1 } });
}

describe('who may import whom', () => {
  test.each([
    ['contracts', 'src/a.ts', 'node:fs'],
    ['contracts', 'src/a.ts', 'p-retry'],
    ['kernel', 'src/a.ts', '@vp/contracts'],
    ['kernel', 'src/a.ts', 'semver/functions/satisfies.js'],
    ['kernel', 'src/a.test.ts', '@vp/plugin-sdk/testing'],
    ['kernel', 'src/a/b.ts', '../c.ts'],
    ['plugin-sdk', 'src/testing/kernel.ts', '@vp/kernel'],
    ['plugin-sdk', 'src/testing/kit.ts', 'vitest'],
    ['cli', 'src/run.ts', '@vp/kernel'],
    ['cli', 'src/run.ts', 'vibepiper'],
    ['cli', 'src/run.ts', '#bundle'],
    ['cli', 'scripts/build.js', 'esbuild'],
    ['plugins/files', 'src/a.ts', '@vp/plugin-sdk'],
    ['plugins/files', 'src/a.ts', 'p-retry'],
    ['plugins/files', 'src/a.test.ts', 'fast-check'],
    ['plugins/files', 'test/a.ts', '@vp/plugin-sdk/testing'],
  ])('%s: %s may import %s', (dir, file, specifier) => {
    expect(ask(dir, file, specifier)).toBeUndefined();
  });

  test.each([
    ['contracts', 'src/a.ts', '@vp/kernel'],
    ['kernel', 'src/a.ts', 'p-retry'],
    ['kernel', 'src/a.ts', '@vp/plugin-sdk'],
    ['plugin-sdk', 'src/define.ts', '@vp/kernel'],
    ['plugin-sdk', 'src/define.ts', 'vitest'],
    ['cli', 'src/run.ts', '@vp/duckdb'],
    ['cli', 'src/run.ts', 'esbuild'],
    ['plugins/files', 'src/a.ts', '@vp/kernel'],
    ['plugins/files', 'src/a.ts', '@vp/kernel/deep/file.js'],
    ['plugins/files', 'src/a.ts', '@vp/duckdb'],
    ['plugins/files', 'src/a.ts', 'vibepiper'],
    ['plugins/files', 'src/a.ts', '@vp/plugin-sdk/testing'],
    ['plugins/files', 'src/a.ts', '../../duckdb/src/index.ts'],
    ['plugins/files', 'src/a.ts', 'undeclared'],
    ['plugins/files', 'src/a.test.ts', '@vp/kernel'],
    ['unknown', 'src/a.ts', 'zod'],
  ])('%s: %s may not import %s', (dir, file, specifier) => {
    expect(ask(dir, file, specifier)).toEqual(expect.any(String));
  });
});

describe('how imports are found', () => {
  test('in every form a file can name a module', () => {
    const source = [
      "import a from 'static';",
      "import type { B } from 'type-only';",
      "import 'side-effect';",
      "export { c } from 're-export';",
      "export type * from 'type-star';",
      "const d = await import('dynamic');",
      "type E = import('import-type').E;",
      "declare const f: typeof import('typeof-import');",
      "const g = require('required');",
      "import h = require('import-equals');",
    ].join('\n');
    const found = importsOf('x.ts', source);
    expect(found.map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
      '1 static',
      '2 type-only',
      '3 side-effect',
      '4 re-export',
      '5 type-star',
      '6 dynamic',
      '7 import-type',
      '8 typeof-import',
      '9 required',
      '10 import-equals',
    ]);
  });

  test('but not in strings, comments and templates', () => {
    const source = [
      "// import 'comment'",
      `const text = "import x from 'string'";`,
      "const t = `import 'template'`;",
    ];
    expect(importsOf('x.ts', source.join('\n'))).toEqual([]);
  });

  test('and a file that does not parse is named', () => {
    expect(() => importsOf('broken.ts', 'import {')).toThrow(/broken\.ts does not parse/);
  });
});
