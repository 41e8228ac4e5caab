import { didYouMean, isVpError, type VpError } from '@vp/contracts';
import { type CommandInfo, commandWords } from './command-info.ts';
import { errors } from './errors.ts';

/** What oclif's parser rejects, as an error of ours; other errors as they are. */
export function usageError(error: unknown, command: CommandInfo): unknown {
  if (isVpError(error) || !isParseError(error)) return error;
  const words = commandWords(command);
  const { flags, args } = error;
  if (isTexts(flags)) return unknownFlag(flags[0] ?? '', command);
  if (Array.isArray(args)) {
    if (error.message.startsWith('Missing')) {
      const missing = args.map((arg: { readonly name: string }) => `<${arg.name}>`).join(' and ');
      return errors.VP_CLI_ARGUMENT_MISSING({ command: words, arguments: missing });
    }
    return errors.VP_CLI_ARGUMENT_UNEXPECTED({
      command: words,
      arguments: args.map((arg) => `"${arg}"`).join(', '),
    });
  }
  const problem = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/Parsing (--[\w-]+)\s*\n\s*Expected (.*) but received: /g, '$1 takes $2, not ')
    .replace(/^The following errors? occurred:\n\s*/, '')
    .split('\n')
    .map((line) => line.trim())
    .join('; ');
  return errors.VP_CLI_VALUE_INVALID({ command: words, problem, suggestion: nearestOption(problem) });
}

interface ParseError {
  readonly message: string;
  readonly flags?: unknown;
  readonly args?: unknown;
}

/** oclif's own errors carry an `oclif` field; one about a module that cannot be loaded is not the caller's. */
function isParseError(error: unknown): error is ParseError {
  return (
    error instanceof Error && 'oclif' in error && !('code' in error && error.code === 'MODULE_NOT_FOUND')
  );
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function unknownFlag(given: string, command: CommandInfo): VpError {
  const flag = given.split('=', 1)[0] ?? given;
  const known = Object.values(command.flags).filter((each) => !each.hidden);
  const names = flag.startsWith('--')
    ? [...known.map((each) => `--${each.name}`), '--help']
    : known.flatMap((each) => (each.char === undefined ? [] : [`-${each.char}`]));
  const suggestion = didYouMean(flag, names);
  return errors.VP_CLI_FLAG_UNKNOWN({ command: commandWords(command), flag, suggestion });
}

function nearestOption(problem: string): string {
  const match = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/.exec(problem);
  if (match === null) return '';
  return didYouMean(match[1] ?? '', (match[2] ?? '').split(', '));
}
