import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { planUpgrade } from '../../shell/plan-upgrade.ts';
import { openRegistries } from '../../shell/registry-access.ts';
import { plural } from '../../ui/format.ts';
import { upgradeView } from '../../ui/upgrade-view.ts';

export default class PluginsUpgrade extends VpCommand {
  static override summary = 'Newer versions of plugins, and what they change';
  static override group = 'Plugins';
  static override examples = [
    'vp plugins upgrade --plan',
    'vp plugins upgrade @acme/weather',
    'vp plugins upgrade @acme/weather@2 --plan',
    'vp plugins upgrade --latest --yes',
  ];
  static override args = {
    plugins: Args.string({
      description: 'Only these; after an @ a version, tag or range. All when left out',
      multiple: true,
    }),
  };
  static override flags = {
    plan: Flags.boolean({ summary: 'Say what would change, and change nothing', aliases: ['dry-run'] }),
    latest: Flags.boolean({ summary: 'The newest that the policy allows, beyond the ranges of vp.toml too' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsUpgrade);
    const { output } = this;
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output });
    using registries = await openRegistries({
      flags: { project: session.dir },
      output,
      signal: session.signal,
    });
    const wishes = args.plugins ?? [];
    const planned = await planUpgrade({ session, output, registries, wishes, latest: flags.latest });
    const { steps, held, missing, upToDate } = planned;
    for (const { error } of missing) output.note(`warning ${error.code}: ${error.message}`);
    if (steps.length > 0) output.print(upgradeView({ steps, style: output.style, now: Date.now() }));
    else output.print(`Nothing to upgrade: ${plural(upToDate.length, 'plugin')} up to date.`);
    for (const { plugin, version, reason } of held)
      output.print(output.style('dim', `\n${plugin} ${version} is held back: ${reason}`));
    return {
      data: {
        steps,
        held,
        upToDate,
        unanswered: missing.map(({ plugin, error }) => ({ plugin: plugin.key, error: error.toJSON() })),
      },
    };
  }
}
