import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInCommands } from '../shell/command-info.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { completions } from './model.ts';
import { zshCompletion } from './zsh.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vp-complete-'));
  mkdirSync(join(folder, '.vp', 'cache'), { recursive: true });
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'vp.toml'), '');
  writeFileSync(join(folder, '.vp', 'cache', 'assets'), 'orders\nweather\nweather_kinds\n');
  writeFileSync(join(folder, 'complete.sh'), bashCompletion(completions(builtInCommands())));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last word. */
function complete(...words: readonly string[]): string[] {
  const script = `source ../complete.sh; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _vp; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { cwd: join(folder, 'deep'), encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test('bash completes commands, subcommands, flags, their options and the assets of the project', () => {
  expect(complete('vp', 'com')).toEqual(['completion']);
  expect(complete('vp', 'runs', 's')).toEqual(['show']);
  expect(complete('vp', 'show', 'wea')).toEqual(['weather', 'weather_kinds']);
  expect(complete('vp', 'run', '--from')).toEqual(['--from-failed']);
  expect(complete('vp', 'query', 'x', '--format', 'c')).toEqual(['csv']);
  expect(complete('vp', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
});

test('zsh and fish get every command and flag', () => {
  const all = completions(builtInCommands());
  const [zsh, fish] = [zshCompletion(all), fishCompletion(all)];
  for (const { words, flags } of all) {
    expect(zsh).toContain(`'${words}')`);
    for (const flag of flags) expect(fish).toContain(`-l ${flag.text.slice(2)}`);
  }
});
