import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { InstallRequest, PackageSource, PlacedPolicy, Proposal } from '@vp/installer';
import { approvalOfEach, showProposal } from '../../shell/approval.ts';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { openProject } from '../../shell/open-project.ts';
import { bundleFlags, openPackages } from '../../shell/package-origin.ts';
import { placedPolicy } from '../../shell/placed-policy.ts';
import { refreshPluginTypes } from '../../shell/refresh-types.ts';
import { registryFlags } from '../../shell/registry-access.ts';
import { plural } from '../../ui/format.ts';

export default class PluginsInstall extends VpCommand {
  static override summary = 'Install plugins, verified and locked';
  static override description =
    'Shows what each plugin brings and may do, and asks. Everything is checked in a place of its own before it is used; until then what was installed works as before. Without a plugin it installs what vp.toml lists and vp.lock lacks.';
  static override group = 'Plugins';
  static override examples = [
    'vp plugins install @vp/postgres@^1',
    'vp plugins install pg16=@vp/postgres@2 --yes',
    'vp plugins install @acme/weather --grant network=api.acme.dev:443',
    'vp plugins install --frozen',
    'vp plugins install --from vp.bundle',
  ];
  static override args = {
    plugins: Args.string({
      description: 'name, name@range, name@tag or alias=name@range',
      multiple: true,
    }),
  };
  static override flags = {
    alias: Flags.string({ summary: 'Key for the plugin in vp.toml', helpValue: 'name' }),
    grant: Flags.string({
      summary: 'What plugins are granted without a question: all, or network=…,fs=…,env=…,native',
      helpValue: 'permissions',
      multiple: true,
      multipleNonGreedy: true,
    }),
    yes: Flags.boolean({ char: 'y', summary: 'Agree to everything, and grant what is asked for' }),
    'save-exact': Flags.boolean({ summary: 'Write exact versions into vp.toml' }),
    frozen: Flags.boolean({
      summary: 'Install exactly vp.lock, or refuse and name what differs',
      exclusive: ['alias', 'grant', 'yes', 'save-exact'],
    }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would change' }),
    ...bundleFlags,
    ...registryFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsInstall);
    const project = await openProject({ project: flags.project });
    const policy = placedPolicy(project.config);
    const declared = new Map(
      Object.entries(project.config.values.plugins).map(([key, { package: name = key }]) => [key, name]),
    );
    await using origin = await openPackages({
      flags,
      dir: project.dir,
      declared,
      policy,
      output: this.output,
    });
    const { source, signal } = origin;
    const about = { dir: project.dir, policy, source, signal };
    if (flags.frozen) {
      const outcome = await this.#frozen(about, args.plugins ?? [], flags['dry-run']);
      if (!flags['dry-run']) await origin.installed();
      return outcome;
    }
    const { installPlugins, parseAllowance } = await import('@vp/installer');
    const grant = flags.yes ? 'all' : flags.grant === undefined ? undefined : parseAllowance(flags.grant);
    const specs = origin.specs(args.plugins ?? []);
    const { accepted, ...approval } = approvalOfEach(this.output, signal, specs);
    const request: InstallRequest = {
      ...approval,
      projectDir: project.dir,
      policy,
      source,
      specs,
      alias: flags.alias,
      grant,
      saveExact: flags['save-exact'],
      dryRun: flags['dry-run'],
    };
    let result = await installPlugins(request);
    const some = accepted();
    if (result.declined === true && some.length > 0)
      result = await installPlugins({ ...request, specs: some, grant: 'all' });
    const { set, digest, declined = false, ...proposal } = result;
    const { output } = this;
    if (!declined && !flags['dry-run']) await origin.installed();
    if (flags['dry-run'] || grant !== undefined) showProposal(output, proposal);
    if (declined) output.print('Nothing was changed.');
    else if (set !== undefined) {
      refreshPluginTypes(project.dir);
      const { packages, downloaded, copied } = set;
      const how = `${plural(packages, 'package')}, ${downloaded} fetched, ${copied} kept`;
      output.print(`${output.style('green', 'Installed')} ${output.style('dim', `(${how})`)}`);
    } else if (!flags['dry-run']) output.print('Everything is installed as vp.lock says.');
    return {
      data: { ...jsonOf(proposal), ...(set === undefined ? {} : { installed: set }), digest, declined },
      exitCode: declined ? 1 : 0,
    };
  }

  async #frozen(about: About, specs: readonly string[], dryRun: boolean): Promise<Outcome> {
    const { installFrozen } = await import('@vp/installer');
    if (specs.length > 0) {
      const { errors } = await import('../../shell/errors.ts');
      throw errors.VP_CLI_ARGUMENT_UNEXPECTED({
        command: 'plugins install --frozen',
        arguments: `a plugin (${specs.join(' ')})`,
      });
    }
    const { dir, policy, signal } = about;
    const source = async () => about.source;
    const { set, because, digest, plugins } = await installFrozen({
      projectDir: dir,
      policy,
      signal,
      source,
      dryRun,
    });
    const { output } = this;
    const count = plural(Object.keys(plugins).length, 'plugin');
    if (set !== undefined) {
      refreshPluginTypes(dir);
      output.print(
        `${output.style('green', 'Installed')} ${count} exactly as vp.lock says: ${because ?? ''}.`,
      );
    } else if (because === undefined) output.print(`${count}, every byte as vp.lock says.`);
    else output.print(`Would install ${count}: ${because}.`);
    return { data: { digest, because, plugins, ...(set === undefined ? {} : { installed: set }) } };
  }
}

interface About {
  readonly dir: string;
  readonly policy: PlacedPolicy;
  readonly source: PackageSource;
  readonly signal: AbortSignal;
}

const jsonOf = ({ changes, warnings }: Proposal) => ({
  changes,
  warnings: warnings.map((warning) => warning.toJSON()),
});
