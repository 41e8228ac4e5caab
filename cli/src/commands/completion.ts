import * as Args from '@oclif/core/args';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completions } from '../completion/model.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { type Outcome, VpCommand } from '../shell/base-command.ts';
import { builtInCommands } from '../shell/command-info.ts';
import { commandIndex } from '../shell/plugin-commands.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export default class Completion extends VpCommand {
  static override summary = 'Print the completion script of a shell';
  static override description =
    'Completes commands, flags and the names of assets, which come from the last time the pipeline was loaded.';
  static override examples = [
    'eval "$(vp completion bash)"',
    'vp completion fish > ~/.config/fish/completions/vp.fish',
  ];
  static override args = {
    shell: Args.string({ required: true, options: Object.keys(shells), description: 'The shell' }),
  };

  override async run(): Promise<Outcome> {
    const { args } = await this.parse(Completion);
    const { commands } = await commandIndex({ argv: this.argv, builtIn: builtInCommands() });
    const make = Object.entries(shells).find(([name]) => name === args.shell)?.[1] ?? bashCompletion;
    const script = make(completions(commands));
    this.output.print(script);
    return { data: { shell: args.shell, script } };
  }
}
