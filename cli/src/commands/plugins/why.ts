import * as Args from '@oclif/core/args';
import { didYouMean } from '@vp/contracts';
import type { PluginInfo } from '@vp/kernel';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { errors } from '../../shell/errors.ts';
import { type ContributionFact, contributionsOf, originText } from '../../shell/plugin-facts.ts';
import { pluginUsers } from '../../shell/plugin-users.ts';

export default class PluginsWhy extends VpCommand {
  static override summary = 'Why a plugin is there: who asks for it, what uses it';
  static override group = 'Plugins';
  static override examples = ['vp plugins why @vp/files', 'vp plugins why duckdb'];
  static override args = {
    plugin: Args.string({ required: true, description: 'Its name, or the id of something that it brings' }),
  };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsWhy);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { kernel } = session;
    const plugins = kernel.plugins();
    const found = plugins.filter(
      (each) =>
        each.name === args.plugin ||
        each.package === args.plugin ||
        contributionsOf(each).some(({ id }) => id === args.plugin),
    );
    if (found.length === 0) {
      const names = plugins.flatMap((each) => [each.name, ...contributionsOf(each).map(({ id }) => id)]);
      throw errors.VP_CLI_PLUGIN_UNKNOWN({ plugin: args.plugin, suggestion: didYouMean(args.plugin, names) });
    }
    const pipeline = await session.pipeline();
    const data = found.map((plugin) => {
      const brings = contributionsOf(plugin);
      const { text } = kernel.config.place(['plugins', plugin.name]);
      return {
        plugin: plugin.name,
        ...(plugin.version === undefined ? {} : { version: plugin.version }),
        ...(plugin.directory === undefined ? {} : { directory: plugin.directory }),
        from: originText(plugin),
        trust: plugin.trust,
        isolation: plugin.isolation,
        askedFor: text,
        range: kernel.config.values.plugins[plugin.name]?.version ?? '*',
        neededBy: plugins.filter((each) => each.dependsOn.includes(plugin.name)).map((each) => each.name),
        bindings: boundTo(kernel.config.values.bindings, brings),
        connections: Object.entries(kernel.config.values.connections)
          .filter(([, { use }]) => brings.some(({ id }) => id === use))
          .map(([name]) => name),
        brings,
        usedBy: [...new Set(pluginUsers(pipeline, brings).map((user) => user.name))],
        permissions: plugin.manifest?.vp.permissions ?? {},
        grants: kernel.config.values.plugins[plugin.name]?.grants ?? {},
        ...(plugin.error === undefined ? {} : { error: plugin.error.toJSON() }),
      };
    });
    for (const facts of data)
      this.#show(
        facts,
        found.find((each) => each.name === facts.plugin),
      );
    return { data };
  }

  #show(
    facts: {
      readonly plugin: string;
      readonly version?: string;
      readonly directory?: string;
      readonly from: string;
      readonly trust: string;
      readonly isolation: string;
      readonly askedFor: string;
      readonly range: string;
      readonly neededBy: readonly string[];
      readonly bindings: readonly string[];
      readonly connections: readonly string[];
      readonly brings: readonly ContributionFact[];
      readonly usedBy: readonly string[];
      readonly permissions: object;
      readonly grants: object | string;
    },
    plugin: PluginInfo | undefined,
  ): void {
    const { print, style } = this.output;
    const row = (title: string, text: string) => print(`  ${style('dim', title.padEnd(12))} ${text}`);
    print(`${style('bold', facts.plugin)} ${facts.version ?? ''}`);
    row('asked for', `${facts.askedFor} (${facts.range})`);
    if (facts.directory !== undefined) row('lies in', facts.directory);
    row('trust', `${facts.trust}${facts.from === '' ? '' : `, from ${facts.from}`}`);
    row('runs', facts.isolation === 'process' ? 'in a process of its own' : 'in this process');
    row('brings', facts.brings.map(({ point, id }) => `${point} ${id}`).join(', ') || 'nothing');
    row('bound as', facts.bindings.join(', ') || 'not bound by name');
    if (facts.connections.length > 0) row('connections', facts.connections.join(', '));
    row('needed by', facts.neededBy.join(', ') || 'no other plugin');
    row('used by', facts.usedBy.join(', ') || 'no asset by name');
    row('asks for', JSON.stringify(facts.permissions));
    row('is granted', JSON.stringify(facts.grants));
    if (plugin?.error !== undefined) row('fails', `${plugin.error.code}: ${plugin.error.message}`);
  }
}

function boundTo(
  bindings: Readonly<Record<string, string | undefined>>,
  brings: readonly ContributionFact[],
) {
  return brings.filter(({ point, id }) => bindings[point] === id).map(({ point }) => point);
}
