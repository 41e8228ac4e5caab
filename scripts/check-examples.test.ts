import { expect, test } from 'vitest';
import { examplesIn, findExamples } from './lib/examples.ts';

test('blocks marked ts are found with their line, others are passed over', () => {
  const page = [
    '# T',
    '```ts',
    'const a = 1;',
    '```',
    '```ts no-check',
    'nope',
    '```',
    '```sh',
    'ls',
    '```',
    '```ts',
    'b',
    '```',
  ];
  expect(examplesIn('docs/x.md', page.join('\n'))).toEqual([
    { file: 'docs/x.md', line: 3, code: 'const a = 1;' },
    { file: 'docs/x.md', line: 12, code: 'b' },
  ]);
});

test('in TypeScript only doc comments count, without their stars', () => {
  const source = [
    '/**',
    ' * @example',
    ' * ```ts',
    ' * if (a) {',
    ' *   b();',
    ' * }',
    ' * ```',
    ' */',
    'const c = `',
    '```ts',
    'x',
    '```',
    '`;',
  ];
  expect(examplesIn('src/x.ts', source.join('\n'))).toEqual([
    { file: 'src/x.ts', line: 4, code: 'if (a) {\n  b();\n}' },
  ]);
});

test('the contracts and the SDK have examples', () => {
  const files = findExamples().map((example) => example.file);
  for (const folder of ['contracts/src/', 'plugin-sdk/src/'])
    expect(files.some((file) => file.startsWith(folder))).toBe(true);
});
