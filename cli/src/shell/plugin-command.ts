import * as Args from '@oclif/core/args';
import type { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import * as Flags from '@oclif/core/flags';
import { type CommandValue, points } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from './base-command.ts';
import type { ArgInfo, CommandInfo, FlagInfo } from './command-info.ts';

/** A plugin's command as oclif wants it. The plugin itself is loaded when the command runs. */
export function loadablePluginCommand(command: CommandInfo, config: Config): Command.Loadable {
  const loaded = commandClass(command);
  return {
    id: command.id,
    aliases: [],
    args: {},
    flags: {},
    hidden: false,
    hiddenAliases: [],
    pluginName: config.name,
    load: async () => loaded,
  };
}

function commandClass(command: CommandInfo): Command.Class {
  const { contribution = command.id } = command.plugin ?? {};
  const own = Object.values(command.flags).filter((flag) => flag.helpGroup !== 'GLOBAL');
  const args = Object.values(command.args);

  return class PluginCommand extends VpCommand {
    static override id = command.id;
    static override summary = command.summary;
    static override args = Object.fromEntries(args.map((arg) => [arg.name, argOf(arg)]));
    static override flags = {
      ...Object.fromEntries(own.map((flag) => [flag.name, flagOf(flag)])),
      ...projectFlags,
    };

    override async run(): Promise<Outcome> {
      const parsed = await this.parse(PluginCommand);
      const given: Readonly<Record<string, unknown>> = parsed.flags;
      const { openSession } = await import('./session.ts');
      await using session = await openSession({ flags: parsed.flags, output: this.output });
      const { kernel } = session;
      const instance = await kernel.host.instance(points.command, contribution);
      const request = {
        args: pick(args, parsed.args),
        flags: pick(own, given),
        json: this.output.json,
        print: (line: string) => this.output.print(line),
      };
      return { data: (await instance.run(request, kernel.callContext(session.signal))) ?? null };
    }
  };
}

function pick(
  described: readonly { readonly name: string }[],
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, CommandValue>> {
  return Object.fromEntries(described.map(({ name }) => [name, values[name] as CommandValue]));
}

function argOf(arg: ArgInfo) {
  const { description, required = false, options } = arg;
  return Args.string({
    required,
    ...(description === undefined ? {} : { description }),
    ...(options === undefined ? {} : { options: [...options] }),
  });
}

function flagOf(flag: FlagInfo) {
  const { summary, required = false, char, options, multiple = false } = flag;
  const shared = {
    required,
    ...(summary === undefined ? {} : { summary }),
    ...(isAlpha(char) ? { char } : {}),
  };
  if (flag.type === 'boolean') return Flags.boolean(shared);
  if (flag.helpValue === 'number') {
    return multiple ? Flags.integer({ ...shared, multiple: true }) : Flags.integer(shared);
  }
  const choices = options === undefined ? {} : { options: [...options] };
  return multiple
    ? Flags.string({ ...shared, ...choices, multiple: true })
    : Flags.string({ ...shared, ...choices });
}

type AlphaChar = Exclude<Parameters<typeof Flags.boolean>[0], undefined>['char'] & string;

const isAlpha = (char: string | undefined): char is AlphaChar =>
  char !== undefined && /^[A-Za-z]$/.test(char);
