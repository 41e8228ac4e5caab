import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Outlook } from '@vp/installer';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { lookOut, namedPlugins, presentPlugins } from '../../shell/present-plugins.ts';
import { openRegistries } from '../../shell/registry-access.ts';
import { plural } from '../../ui/format.ts';
import { type Cell, table } from '../../ui/table.ts';

export default class PluginsOutdated extends VpCommand {
  static override summary = 'Plugins of which there is a newer version';
  static override group = 'Plugins';
  static override examples = ['vp plugins outdated', 'vp plugins outdated --all --json'];
  static override args = { plugins: Args.string({ description: 'Only these', multiple: true }) };
  static override flags = {
    all: Flags.boolean({ summary: 'Also those that are up to date' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsOutdated);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { kernel, dir, signal } = session;
    using registries = await openRegistries({ flags: { project: dir }, output: this.output, signal });
    const plugins = namedPlugins(presentPlugins(kernel), args.plugins ?? []);
    const { found, missing } = await lookOut({ plugins, client: registries.client, kernel });
    for (const { error } of missing) this.output.note(`warning ${error.code}: ${error.message}`);
    const outlooks = found.map(({ outlook }) => outlook);
    const shown = flags.all ? outlooks : outlooks.filter(isNews);
    const { print, style } = this.output;
    if (shown.length > 0) print(this.#table(shown));
    const held = heldLines(shown);
    if (held.length > 0) print(`\n${held.map((line) => style('dim', line)).join('\n')}`);
    const behind = outlooks.filter(({ wanted, version }) => wanted !== version);
    if (plugins.length === 0)
      print('No plugins that came from a registry. Add one: vp plugins install <name>');
    else if (shown.length === 0) print(`Up to date: ${plural(outlooks.length, 'plugin')}.`);
    else if (behind.length > 0)
      print(`\nSee what would change: ${style('bold', 'vp plugins upgrade --plan')}`);
    const unanswered = missing.map(({ plugin, error }) => ({ plugin: plugin.key, error: error.toJSON() }));
    return { data: { plugins: outlooks, ...(unanswered.length === 0 ? {} : { unanswered }) } };
  }

  #table(outlooks: readonly Outlook[]): string {
    const columns = [
      { title: 'plugin' },
      { title: 'in use' },
      { title: 'wanted' },
      { title: 'latest' },
      { title: 'range' },
      { title: 'note', max: 120 },
    ];
    const rows = outlooks.map((each): (Cell | string)[] => {
      const { key, version, wanted, latest, range } = each;
      return [
        key,
        each.withdrawn === undefined ? version : { text: version, format: 'red' },
        wanted === version ? wanted : { text: wanted, format: 'green' },
        latest === wanted ? latest : { text: latest, format: 'yellow' },
        range,
        each.withdrawn === undefined ? '' : `${version} was withdrawn: ${each.withdrawn}`,
      ];
    });
    return table({ columns, rows, style: this.output.style });
  }
}

const isNews = ({ version, latest, wanted, held, withdrawn }: Outlook): boolean =>
  latest !== version || wanted !== version || held.length > 0 || withdrawn !== undefined;

/** Newer versions that are not offered, and why. */
function heldLines(outlooks: readonly Outlook[]): readonly string[] {
  return outlooks.flatMap(({ key, held }) =>
    held.map(({ version, reason }) => `${key} ${version} is held back: ${reason}`),
  );
}
