import type { PluginInfo } from '@vp/kernel';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { contributionsOf, originText } from '../../shell/plugin-facts.ts';
import { table } from '../../ui/table.ts';

export default class PluginsList extends VpCommand {
  static override summary = 'The plugins in use, and what they bring';
  static override group = 'Plugins';
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(PluginsList);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const plugins = session.kernel.plugins();
    if (plugins.length === 0) this.output.print('No plugins. Add them to [plugins] of vp.toml.');
    else {
      const columns = [
        { title: 'plugin' },
        { title: 'version' },
        { title: 'state' },
        { title: 'from' },
        { title: 'trust' },
        { title: 'runs' },
        { title: 'brings', max: 100 },
      ];
      this.output.print(table({ columns, rows: plugins.map(cells), style: this.output.style }));
    }
    return { data: plugins.map(asJson) };
  }
}

const trustFormats = { verified: 'green', unverified: 'yellow', yanked: 'red' } as const;

function cells(plugin: PluginInfo) {
  const { name, version = '', error } = plugin;
  const brings = contributionsOf(plugin).map(({ point, id }) => `${point} ${id}`);
  return [
    name,
    version,
    error === undefined
      ? { text: 'usable', format: 'green' as const }
      : { text: 'failed', format: 'red' as const },
    originText(plugin),
    { text: plugin.trust, format: trustFormats[plugin.trust] },
    plugin.isolation === 'process' ? 'isolated' : 'in process',
    error === undefined ? brings.join(', ') : `${error.code}: ${error.message}`,
  ];
}

function asJson(plugin: PluginInfo) {
  const { name, version, directory, state, error, dependsOn, origin, trust, isolation } = plugin;
  return {
    name,
    package: plugin.package,
    ...(version === undefined ? {} : { version }),
    ...(directory === undefined ? {} : { directory }),
    state,
    ...(origin === undefined ? {} : { origin }),
    trust,
    isolation,
    contributions: contributionsOf(plugin),
    dependsOn,
    ...(error === undefined ? {} : { error: error.toJSON() }),
  };
}
