import { relative } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';

export default class PluginsDev extends VpCommand {
  static override summary = 'Work on a plugin: linked into a project, tried on every save';
  static override group = 'Plugins';
  static override description =
    'Builds the plugin, loads it in a fresh kernel of the project, and proves it by its laws or runs assets with it; again whenever a file is saved. Until Ctrl-C the project uses this folder, whatever is installed; a plugin that vp.toml does not name is added for that time.';
  static override examples = [
    'vp plugins dev ./acme-weather',
    'vp plugins dev ./acme-weather --run readings',
    'vp plugins dev ./acme-weather --once --keep',
  ];
  static override args = {
    dir: Args.string({ default: '.', description: "The plugin's folder" }),
  };
  static override flags = {
    run: Flags.string({
      summary: 'Run this asset instead of the laws',
      helpValue: 'asset',
      multiple: true,
      multipleNonGreedy: true,
    }),
    once: Flags.boolean({ summary: 'Try it once, and end' }),
    keep: Flags.boolean({ summary: 'Leave it linked, and in vp.toml, at the end' }),
    project: projectFlags.project,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsDev);
    const { readPluginPackage } = await import('../../plugin-kit/plugin-package.ts');
    const { linkPlugin } = await import('../../plugin-kit/dev-link.ts');
    const { cycleView, watchCycles } = await import('../../plugin-kit/dev-session.ts');
    const { listenForInterrupts } = await import('../../shell/interrupts.ts');
    const { output } = this;
    const plugin = await readPluginPackage(args.dir);
    const link = await linkPlugin(plugin, flags.project ?? process.cwd());
    const interrupts = listenForInterrupts(output);
    interrupts.onFirst(() => {});
    const shown = relative(process.cwd(), plugin.directory) || '.';
    output.print(
      `${output.style('bold', link.key)} is linked from ${shown}${link.added ? ', and added to vp.toml' : ''}.`,
    );
    try {
      const last = await watchCycles({
        link,
        directory: plugin.directory,
        assets: flags.run ?? [],
        once: flags.once,
        signal: interrupts.signal,
        said: (result) => output.print(cycleView(result, output.style)),
      });
      return {
        data: {
          plugin: link.key,
          directory: plugin.directory,
          project: link.project,
          added: link.added,
          ...last,
        },
        exitCode: flags.once && last?.ok === false ? exitCodes.plugin : exitCodes.ok,
      };
    } finally {
      interrupts.stop();
      if (!flags.keep) {
        await link.unlink();
        output.print(`${link.key} is linked no more.`);
      }
    }
  }
}
