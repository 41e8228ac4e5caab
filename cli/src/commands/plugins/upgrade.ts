import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { approval } from '../../shell/approval.ts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { placedPolicy } from '../../shell/placed-policy.ts';
import { planUpgrade } from '../../shell/plan-upgrade.ts';
import { refreshPluginTypes } from '../../shell/refresh-types.ts';
import { openRegistries } from '../../shell/registry-access.ts';
import type { ProjectFlags } from '../../shell/session.ts';
import { plural } from '../../ui/format.ts';
import { type PlannedUpgrade, upgradeView } from '../../ui/upgrade-view.ts';

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
    grant: Flags.string({
      summary: 'What new versions are granted without a question: all, or network=…,fs=…,env=…,native',
      helpValue: 'permissions',
      multiple: true,
      multipleNonGreedy: true,
    }),
    yes: Flags.boolean({ char: 'y', summary: 'Agree to everything, and grant what is asked for' }),
    latest: Flags.boolean({ summary: 'The newest that the policy allows, beyond the ranges of vp.toml too' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsUpgrade);
    const { output } = this;
    const { parseAllowance } = await import('@vp/installer');
    const grant = flags.yes ? 'all' : flags.grant === undefined ? undefined : parseAllowance(flags.grant);
    const { planned, dir, policy } = await this.#plan(args.plugins ?? [], flags);
    const { steps, held, missing, upToDate } = planned;
    for (const { error } of missing) output.note(`warning ${error.code}: ${error.message}`);
    if (steps.length > 0) output.print(upgradeView({ steps, style: output.style, now: Date.now() }));
    else output.print(`Nothing to upgrade: ${plural(upToDate.length, 'plugin')} up to date.`);
    for (const { plugin, version, reason } of held)
      output.print(output.style('dim', `\n${plugin} ${version} is held back: ${reason}`));
    const unanswered = missing.map(({ plugin, error }) => ({ plugin: plugin.key, error: error.toJSON() }));
    const data = { steps, held, upToDate, unanswered };
    if (steps.length === 0 || flags.plan) return { data };

    using registries = await openRegistries({ flags: { project: dir }, output });
    const { installPlugins } = await import('@vp/installer');
    output.print('');
    const {
      set,
      digest,
      declined = false,
    } = await installPlugins({
      ...approval(output, registries.signal),
      projectDir: dir,
      policy,
      source: registries.source,
      grant,
      ...wishesOf(steps, args.plugins ?? []),
    });
    if (declined) output.print('Nothing was changed.');
    else {
      refreshPluginTypes(dir);
      output.print(
        `${output.style('green', 'Upgraded')} ${plural(steps.length, 'plugin')}. Back: ${output.style('bold', 'vp plugins rollback')}`,
      );
    }
    const installed = set === undefined ? {} : { installed: set };
    return { data: { ...data, ...installed, digest, declined }, exitCode: declined ? 1 : 0 };
  }

  /** The project is closed again before anything is installed into it. */
  async #plan(wishes: readonly string[], flags: ProjectFlags & { readonly latest: boolean }) {
    const { output } = this;
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output });
    const { dir, kernel, signal } = session;
    using registries = await openRegistries({ flags: { project: dir }, output, signal });
    const planned = await planUpgrade({ session, output, registries, wishes, latest: flags.latest });
    return { planned, dir, policy: placedPolicy(kernel.config) };
  }
}

/** What the installer is asked for: what fits vp.toml is renewed, all else is named with its range. */
function wishesOf(steps: readonly PlannedUpgrade[], named: readonly string[]) {
  const specs = steps.flatMap(({ key, package: name, to, beyondRange }) => {
    const wish = named.find((each) => each.startsWith(`${key}@`))?.slice(key.length + 1);
    if (wish === undefined && !beyondRange) return [];
    return [`${key === name ? name : `${key}=${name}`}@${wish ?? `^${to}`}`];
  });
  return { specs, renew: steps.map(({ key }) => key) };
}
