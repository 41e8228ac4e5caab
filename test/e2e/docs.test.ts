import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from '@vp/contracts';
import { manifestJsonSchema } from '@vp/contracts/manifest';
import { projectJsonSchema } from '@vp/kernel';
import { expect, test } from 'vitest';
import { brokenLinks, type CommandLine, commandLines, pages } from './lib/documentation.ts';

interface Flag {
  readonly type: 'boolean' | 'option';
  readonly char?: string;
}

interface Command {
  readonly args: Readonly<Record<string, { readonly required?: boolean; readonly multiple?: boolean }>>;
  readonly flags: Readonly<Record<string, Flag>>;
}

const manifest: { readonly commands: Readonly<Record<string, Command>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cli/oclif.manifest.json'), 'utf8'),
);

/** What `vp` would say against a command line, or nothing. */
function fault({ words, isWhole }: CommandLine): string | undefined {
  if (words.length === 0 || ['--help', '--version'].includes(words[0] ?? '')) return undefined;
  const parts = [3, 2, 1].find((count) => Object.hasOwn(manifest.commands, words.slice(0, count).join(':')));
  const command = parts === undefined ? undefined : manifest.commands[words.slice(0, parts).join(':')];
  if (command === undefined) return `there is no command "${words.slice(0, 2).join(' ')}"`;
  const values: string[] = [];
  const rest = words.slice(parts);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!/^-./.test(word)) {
      values.push(word);
      continue;
    }
    const [name = '', value] = word.replace(/^--?/, '').split('=');
    if (name === 'help') continue;
    const flag = word.startsWith('--')
      ? command.flags[name]
      : Object.values(command.flags).find(({ char }) => char === name);
    if (flag === undefined) return `it has no flag ${word}`;
    if (flag.type === 'option' && value === undefined && rest.shift() === undefined && isWhole)
      return `${word} needs a value`;
  }
  const args = Object.values(command.args);
  if (values.length > args.length && !args.some(({ multiple }) => multiple))
    return `it takes no "${values[args.length]}"`;
  if (isWhole && values.length < args.filter(({ required }) => required).length)
    return 'an argument is missing';
  return undefined;
}

const faults = (lines: readonly CommandLine[]) =>
  lines.flatMap((line) => {
    const problem = fault(line);
    return problem === undefined ? [] : [`${line.place}: vp ${line.words.join(' ')}: ${problem}`];
  });

test('every command line of the documentation is one that vp takes', () => {
  const lines = pages().flatMap(commandLines);
  expect(lines.length).toBeGreaterThan(100);
  expect(faults(lines)).toEqual([]);
});

test('and a wrong one would be found', () => {
  const text = [
    '`vp rnu`, `vp run --frce`',
    '```sh',
    'npx vp show',
    'vp show a b   # two',
    'A=1 vp run --wait',
    'x && vp query "select 1" --limit 5 | cat',
    'vp runs show latest',
    '```',
  ].join('\n');
  expect(faults(commandLines({ file: 'a.md', text }))).toEqual([
    'a.md:1: vp rnu: there is no command "rnu"',
    'a.md:1: vp run --frce: it has no flag --frce',
    'a.md:3: vp show: an argument is missing',
    'a.md:4: vp show a b: it takes no "b"',
    'a.md:5: vp run --wait: --wait needs a value',
  ]);
});

test('every link of the documentation to a file or heading leads somewhere', () => {
  const broken = pages().flatMap((page) => brokenLinks(page).map((link) => `${page.file}: ${link}`));
  expect(broken).toEqual([]);
  const text =
    '[a](README.md) [b](no.md) [c](#here) [d](#nowhere) `[e](f)` [g](https://example.org)\n## Here!\n';
  expect(brokenLinks({ file: 'README.md', text })).toEqual(['no.md', '#here', '#nowhere']);
});

/** Names of the keys that a schema describes, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([word, inner]) =>
    word === 'properties' && typeof inner === 'object' && inner !== null
      ? [...Object.keys(inner), ...Object.values(inner).flatMap(keysOf)]
      : keysOf(inner),
  );
}

test.each<readonly [page: string, schema: () => JsonSchema, keys: number]>([
  ['docs/configuration.md', projectJsonSchema, 30],
  ['docs/plugins.md', manifestJsonSchema, 30],
])('%s names every key that there is', (page, schema, atLeast) => {
  const text = pages().find(({ file }) => file === page)?.text ?? '';
  const keys = [...new Set(keysOf(schema()))];
  expect(keys.length).toBeGreaterThan(atLeast);
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
});
