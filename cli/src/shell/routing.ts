import { didYouMean, suggest, type VpError } from '@vp/contracts';
import type { CommandInfo } from './command-info.ts';
import { errors } from './errors.ts';

/** What a command line asks for. */
export type Route =
  | { readonly kind: 'help'; readonly command?: CommandInfo; readonly topic?: string; readonly json: boolean }
  | { readonly kind: 'version'; readonly json: boolean }
  | { readonly kind: 'command'; readonly command: CommandInfo; readonly argv: readonly string[] };

const takesValue = new Set(['--project', '-C', '--env', '--set']);
const isGlobal = (word: string) => ['--json', '--debug', ...takesValue].includes(word.split('=', 1)[0] ?? '');

/** Flags that hold for every command may also stand before it: `vp --project shop run`. */
function splitGlobals(argv: readonly string[]): {
  readonly before: readonly string[];
  readonly rest: readonly string[];
} {
  let index = 0;
  for (let word = argv[index]; word !== undefined && isGlobal(word); word = argv[index]) {
    index += takesValue.has(word) ? 2 : 1;
  }
  return { before: argv.slice(0, index), rest: argv.slice(index) };
}

/** Whether `--json` stands on the command line as a flag. */
export function wantsJson(argv: readonly string[]): boolean {
  return flagsOf(argv).includes('--json');
}

function flagsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** @throws VpError `VP_CLI_COMMAND_UNKNOWN`, or why the command was refused */
export function route(
  argv: readonly string[],
  commands: readonly CommandInfo[],
  refused: ReadonlyMap<string, VpError> = new Map(),
  problems: readonly string[] = [],
): Route {
  const { before, rest } = splitGlobals(argv);
  const json = wantsJson(argv);
  const help = flagsOf(rest).some((word) => word === '--help' || word === '-h') || rest[0] === 'help';
  const words = (rest[0] === 'help' ? rest.slice(1) : rest).filter(
    (word) => !(help && /^(-h|--help)$/.test(word)),
  );
  if (words[0] === '--version' || words[0] === '-v') return { kind: 'version', json };
  if (words.length === 0 || (help && words[0]?.startsWith('-'))) return { kind: 'help', json };

  const found = longestMatch(words, commands);
  if (found !== undefined) {
    const { command, length } = found;
    if (help) return { kind: 'help', command, json };
    return { kind: 'command', command, argv: [...before, ...words.slice(length)] };
  }
  const collision = refused.get(words.slice(0, 2).join(':')) ?? refused.get(words[0] ?? '');
  if (collision !== undefined) throw collision;
  const [first = '', second] = words;
  const subcommands = commands.filter((command) => command.id.startsWith(`${first}:`) && !command.hidden);
  if (subcommands.length > 0 && (second === undefined || second.startsWith('-'))) {
    return { kind: 'help', topic: first, json };
  }
  throw unknownCommand({ first, second, commands, subcommands, problems });
}

function longestMatch(words: readonly string[], commands: readonly CommandInfo[]) {
  for (let length = Math.min(3, words.length); length > 0; length--) {
    const id = words.slice(0, length).join(':');
    const command = commands.find((each) => each.id === id);
    if (command !== undefined) return { command, length };
  }
  return undefined;
}

function nearFlag(word: string): string | undefined {
  const near = suggest(word, ['--help', '--version']);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

function unknownCommand(request: {
  readonly first: string;
  readonly second: string | undefined;
  readonly commands: readonly CommandInfo[];
  readonly subcommands: readonly CommandInfo[];
  /** Why commands of plugins may be missing. */
  readonly problems: readonly string[];
}) {
  const { first, second, commands, subcommands, problems } = request;
  if (first.startsWith('-')) {
    return errors.VP_CLI_COMMAND_UNKNOWN({
      command: first,
      suggestion: nearFlag(first) ?? 'A command comes first: vp <command> [flags]',
    });
  }
  if (subcommands.length > 0 && second !== undefined) {
    const names = subcommands.map((command) => command.id.slice(first.length + 1));
    return errors.VP_CLI_COMMAND_UNKNOWN({
      command: `${first} ${second}`,
      suggestion: didYouMean(second, names),
    });
  }
  const names = new Set(
    commands.filter((command) => !command.hidden).map((command) => command.id.split(':')[0] ?? ''),
  );
  const isMissing = problems.length > 0 && suggest(first, names) === undefined;
  const suggestion = isMissing ? problems.join(' ') : didYouMean(first, names);
  return errors.VP_CLI_COMMAND_UNKNOWN({ command: first, suggestion });
}
