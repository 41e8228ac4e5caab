import type { Style } from '../ui/style.ts';
import { pad, width } from '../ui/width.ts';
import { type ArgInfo, type CommandInfo, commandWords, type FlagInfo } from './command-info.ts';

const groups = ['Pipeline', 'Data', 'History', 'Project', 'Plugins', 'Registry'];

interface HelpInit {
  readonly commands: readonly CommandInfo[];
  readonly style: Style;
}

/** `vp --help`: every command on one line, by group; those of plugins last. */
export function rootHelp({ commands, style, version }: HelpInit & { readonly version: string }): string {
  const shown = commands.filter((command) => !command.hidden);
  const groupOf = (command: CommandInfo) =>
    command.plugin === undefined ? (command.group ?? 'Project') : 'From plugins';
  const sections = [...groups, 'From plugins'].flatMap((group) => {
    const rows = shown
      .filter((command) => groupOf(command) === group)
      .map((command): Row => [usageWords(command), command.summary]);
    return rows.length === 0 ? [] : [section(group, rows, style, 26)];
  });
  return [
    `${style('bold', 'vp')} ${version}: data pipelines in TypeScript and SQL`,
    `${style('bold', 'Usage')}\n  vp <command> [flags]`,
    ...sections,
    section(
      'Flags of every command',
      [
        ['--json', 'One JSON document on standard output'],
        ['-C, --project <dir>', 'The project, instead of the one around this folder'],
        ['--env <name>', 'Use [env.<name>] of vp.toml'],
        ['--set <key=value>', 'Override a configuration value'],
        ['--debug', 'Show where an error came from'],
      ],
      style,
      26,
    ),
    'More about one: vp <command> --help',
  ].join('\n\n');
}

/** `vp runs`: the commands beneath a word. */
export function topicHelp({ commands, style, topic }: HelpInit & { readonly topic: string }): string {
  const rows = commands
    .filter((command) => command.id.startsWith(`${topic}:`) && !command.hidden)
    .map((command): Row => [usageWords(command), command.summary]);
  return [`${style('bold', 'Usage')}\n  vp ${topic} <command>`, section('Commands', rows, style)].join(
    '\n\n',
  );
}

export function commandHelp({
  command,
  style,
}: {
  readonly command: CommandInfo;
  readonly style: Style;
}): string {
  const flags = Object.values(command.flags).filter((flag) => !flag.hidden);
  const own = flags.filter((flag) => flag.helpGroup !== 'GLOBAL');
  const args = Object.values(command.args).filter((arg) => !arg.hidden);
  const described = args.filter((arg) => arg.description !== undefined);
  const parts = [
    command.summary,
    command.description,
    `${style('bold', 'Usage')}\n  vp ${usageWords(command)}${own.length > 0 ? ' [flags]' : ''}`,
  ];
  if (described.length > 0) {
    parts.push(
      section(
        'Arguments',
        described.map((arg): Row => [argText(arg), argSummary(arg)]),
        style,
      ),
    );
  }
  if (own.length > 0) parts.push(section('Flags', own.map(flagRow), style));
  const shared = flags.filter((flag) => flag.helpGroup === 'GLOBAL');
  if (shared.length > 0) parts.push(section('Flags of every command', shared.map(flagRow), style));
  if (command.examples !== undefined && command.examples.length > 0) {
    parts.push(
      `${style('bold', 'Examples')}\n${command.examples.map((line) => `  ${style('dim', '$')} ${line}`).join('\n')}`,
    );
  }
  if (command.plugin !== undefined) parts.push(style('dim', `From the plugin ${command.plugin.name}`));
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

type Row = readonly [left: string, right: string];

function section(title: string, rows: readonly Row[], style: Style, least = 0): string {
  const columns = Math.max(least, ...rows.map(([left]) => width(left)));
  const lines = rows.map(([left, right]) => `  ${style('cyan', pad(left, columns))}  ${right}`.trimEnd());
  return [style('bold', title), ...lines].join('\n');
}

/** `runs show <run>`: as a line of usage. */
function usageWords(command: CommandInfo): string {
  const args = Object.values(command.args).filter((arg) => !arg.hidden);
  return [commandWords(command), ...args.map(argText)].join(' ');
}

function argText(arg: ArgInfo): string {
  const name = arg.multiple ? `${arg.name}…` : arg.name;
  return arg.required ? `<${name}>` : `[${name}]`;
}

function argSummary(arg: ArgInfo): string {
  const options = arg.options === undefined ? '' : ` (${arg.options.join(', ')})`;
  return `${arg.description ?? ''}${options}`;
}

/** `-n, --limit <rows>` and what it does. */
function flagRow(flag: FlagInfo): Row {
  const char = flag.char === undefined ? '    ' : `-${flag.char}, `;
  const value = flag.type === 'boolean' ? '' : ` <${flag.helpValue ?? flag.options?.join('|') ?? 'value'}>`;
  const given = flag.default === undefined || flag.default === false ? '' : ` [${String(flag.default)}]`;
  const more = flag.multiple ? ' (may be repeated)' : '';
  const required = flag.required ? ' (required)' : '';
  return [`${char}--${flag.name}${value}`, `${flag.summary ?? ''}${more}${required}${given}`];
}
