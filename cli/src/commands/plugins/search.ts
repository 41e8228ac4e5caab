import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { FoundPlugin } from '@vp/installer';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { openRegistries, registryFlags } from '../../shell/registry-access.ts';
import { badgeCell } from '../../ui/badge-text.ts';
import { ago, count } from '../../ui/format.ts';
import { table } from '../../ui/table.ts';

export default class PluginsSearch extends VpCommand {
  static override summary = 'Find plugins in your registries';
  static override group = 'Plugins';
  static override examples = [
    'vp plugins search postgres',
    'vp plugins search --kind source --capability incremental',
    'vp plugins search kafka --badge --json',
  ];
  static override args = {
    words: Args.string({
      description: 'Words of its name, description or what it brings; all when left out',
    }),
  };
  static override flags = {
    kind: Flags.string({ summary: 'Only plugins that bring this', helpValue: 'source|sink|…' }),
    capability: Flags.string({ summary: 'Only plugins that can do this', helpValue: 'incremental' }),
    badge: Flags.boolean({ summary: 'Only plugins with a conformance badge' }),
    limit: Flags.integer({ summary: 'At most so many', default: 20, min: 1, max: 250 }),
    ...registryFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsSearch);
    using registries = await openRegistries({ flags, output: this.output });
    const { kind, capability, badge, limit } = flags;
    const query = { text: args.words ?? '', kind, capability, badge, limit };
    const { total, plugins, faults } = await registries.client.search(query);
    for (const { code, message } of faults) this.output.note(`warning ${code}: ${message}`);
    const { print, style } = this.output;
    if (plugins.length === 0) print(nothing(query, registries.client.registries));
    else {
      print(this.#table(plugins));
      const more = total > plugins.length ? ` of ${count(total)}; more with --limit` : '';
      print(
        `\n${count(plugins.length)}${more}. All about one: ${style('bold', `vp plugins info ${plugins[0]?.name}`)}`,
      );
    }
    const unanswered = faults.map((each) => each.toJSON());
    return { data: { total, plugins, ...(unanswered.length === 0 ? {} : { unanswered }) } };
  }

  #table(plugins: readonly FoundPlugin[]): string {
    const several = new Set(plugins.map(({ registry }) => registry)).size > 1;
    const columns = [
      { title: 'plugin' },
      { title: 'version' },
      { title: 'badge' },
      { title: 'brings', max: 44 },
      { title: 'published' },
      ...(several ? [{ title: 'registry' }] : []),
      { title: 'description', max: 70 },
    ];
    const now = Date.now();
    const rows = plugins.map((plugin) => [
      { text: plugin.name, format: 'cyan' as const },
      plugin.version,
      badgeCell(plugin.badge),
      bringsText(plugin),
      plugin.published === '' ? '' : ago(Date.parse(plugin.published), now),
      ...(several ? [plugin.registry] : []),
      plugin.description,
    ]);
    return table({ columns, rows, style: this.output.style });
  }
}

/** `source postgres, sink postgres` as `source, sink postgres`: most plugins name all that they bring alike. */
function bringsText({ contributions }: FoundPlugin): string {
  const points = new Map<string, string[]>();
  for (const { id, point } of contributions) points.set(id, [...(points.get(id) ?? []), point]);
  return [...points].map(([id, kinds]) => `${kinds.join('+')} ${id}`).join(', ');
}

function nothing(
  query: {
    readonly text: string;
    readonly kind?: string | undefined;
    readonly capability?: string | undefined;
    readonly badge: boolean;
  },
  registries: readonly string[],
): string {
  const { text, kind, capability, badge } = query;
  const words = [
    ...(text === '' ? [] : [`"${text}"`]),
    ...(kind === undefined ? [] : [`kind ${kind}`]),
    ...(capability === undefined ? [] : [`capability ${capability}`]),
    ...(badge ? ['a badge'] : []),
  ];
  const what = words.length === 0 ? 'No plugins' : `No plugin with ${words.join(' and ')}`;
  return `${what} in ${registries.join(', ')}.`;
}
