import type { Command } from '@oclif/core/command';
import { Config } from '@oclif/core/config';
import type { Output } from '../ui/output.ts';
import { currentOutput, type Outcome } from './base-command.ts';
import type { CommandInfo } from './command-info.ts';
import { packageRoot } from './package-root.ts';
import { usageError } from './usage-errors.ts';

/** Runs one command: built-in ones through oclif's manifest, those of plugins as a class made for them. */
export async function execute(request: {
  readonly command: CommandInfo;
  readonly argv: readonly string[];
  readonly output: Output;
}): Promise<Outcome> {
  const { command, argv, output } = request;
  const config = await Config.load({ root: packageRoot() });
  const found = await loadable(command, config);
  try {
    return await currentOutput.run(output, () => config.runCommand<Outcome>(command.id, [...argv], found));
  } catch (error) {
    throw usageError(error, command);
  }
}

async function loadable(command: CommandInfo, config: Config): Promise<Command.Loadable | null> {
  if (command.plugin === undefined) return null;
  const { loadablePluginCommand } = await import('./plugin-command.ts');
  return loadablePluginCommand(command, config);
}
