import * as Args from '@oclif/core/args';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { openRegistries, registryFlags } from '../../shell/registry-access.ts';
import { pluginView } from '../../ui/plugin-view.ts';

export default class PluginsInfo extends VpCommand {
  static override summary = 'All about a plugin of a registry: what it brings, may and needs';
  static override group = 'Plugins';
  static override examples = ['vp plugins info @vp/postgres', 'vp plugins info @acme/weather@1.2.0 --json'];
  static override args = {
    plugin: Args.string({
      required: true,
      description: 'Package name, and after an @ a version, tag or range',
    }),
  };
  static override flags = { ...registryFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsInfo);
    const { pluginDescription } = await import('@vp/installer');
    using registries = await openRegistries({ flags, output: this.output });
    const { client, source } = registries;
    const at = args.plugin.indexOf('@', 1);
    const name = at === -1 ? args.plugin : args.plugin.slice(0, at);
    const wanted = at === -1 ? undefined : args.plugin.slice(at + 1);
    const plugin = await pluginDescription({ name, wanted, client, source });
    const { print, style } = this.output;
    print(pluginView({ plugin, style, now: Date.now() }));
    print(`\nInstall it: ${style('bold', `vp plugins install ${name}@^${plugin.version}`)}`);
    return { data: plugin };
  }
}
