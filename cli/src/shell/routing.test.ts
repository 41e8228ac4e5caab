import { VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import type { CommandInfo } from './command-info.ts';
import { route, wantsJson } from './routing.ts';

const command = (id: string, more: Partial<CommandInfo> = {}): CommandInfo => ({
  id,
  summary: id,
  args: {},
  flags: {},
  ...more,
});
const commands = [
  command('run'),
  command('runs:list'),
  command('runs:show'),
  command('worker:step', { hidden: true }),
];

describe('the longest command wins, and gets the rest of the words', () => {
  test.each<readonly [readonly string[], string, readonly string[]]>([
    [['run', 'list'], 'run', ['list']],
    [['runs', 'list', '--json'], 'runs:list', ['--json']],
    [['--project', 'x', '--json', 'run', 'a'], 'run', ['--project', 'x', '--json', 'a']],
    [['--project=x', 'runs', 'show', 'r'], 'runs:show', ['--project=x', 'r']],
    [['worker', 'step'], 'worker:step', []],
    [['run', '--', '--help'], 'run', ['--', '--help']],
  ])('%j', (argv, id, rest) => {
    expect(route(argv, commands)).toMatchObject({ kind: 'command', command: { id }, argv: rest });
  });
});

test.each<readonly [readonly string[], object]>([
  [[], { kind: 'help', json: false }],
  [['--help'], { kind: 'help' }],
  [['help'], { kind: 'help' }],
  [['--json'], { kind: 'help', json: true }],
  [['run', '-h'], { kind: 'help', command: { id: 'run' } }],
  [['help', 'runs', 'list'], { kind: 'help', command: { id: 'runs:list' } }],
  [['runs'], { kind: 'help', topic: 'runs' }],
  [['runs', '--help'], { kind: 'help', topic: 'runs' }],
  [['--version'], { kind: 'version' }],
])('%j asks for help or the version', (argv, found) => {
  expect(route(argv, commands)).toMatchObject(found);
});

test.each([
  [['rnu'], 'run'],
  [['runs', 'shwo'], 'show'],
  [['workr'], 'There is'],
])('%j is refused with what was meant; hidden commands are not told of', (argv, hint) => {
  expect(() => route(argv, commands)).toThrow(
    expect.objectContaining({ code: 'VP_CLI_COMMAND_UNKNOWN', hint: expect.stringContaining(hint) }),
  );
  expect(() => route(argv, commands)).not.toThrow(
    expect.objectContaining({ hint: expect.stringContaining('worker') }),
  );
});

test('a refused command gives its reason instead of running something else', () => {
  const reason = new VpError({ code: 'VP_CLI_COMMAND_COLLISION', class: 'config', message: 'twice' });
  expect(() => route(['greet'], commands, new Map([['greet', reason]]))).toThrow(reason);
});

test('--json after -- belongs to the command', () => {
  expect([wantsJson(['run', '--json']), wantsJson(['query', '--', '--json'])]).toEqual([true, false]);
});
