import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { openProject } from '../../shell/open-project.ts';
import { placedPolicy } from '../../shell/placed-policy.ts';
import { refreshPluginTypes } from '../../shell/refresh-types.ts';
import { openRegistries, registryFlags } from '../../shell/registry-access.ts';
import { installView } from '../../ui/install-view.ts';

export default class PluginsRemove extends VpCommand {
  static override summary = 'Take plugins out of vp.toml, vp.lock and the installed set';
  static override group = 'Plugins';
  static override examples = ['vp plugins remove @vp/postgres', 'vp plugins remove pg16 --dry-run'];
  static override args = {
    plugins: Args.string({
      required: true,
      description: 'Key in vp.toml: the name of the package, or its alias',
      multiple: true,
    }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would change' }),
    ...registryFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsRemove);
    const project = await openProject({ project: flags.project });
    const { installPlugins } = await import('@vp/installer');
    using registries = await openRegistries({
      flags: { ...flags, project: project.dir },
      output: this.output,
    });
    const { set, digest, changes, warnings } = await installPlugins({
      projectDir: project.dir,
      policy: placedPolicy(project.config),
      source: registries.source,
      signal: registries.signal,
      remove: args.plugins,
      dryRun: flags['dry-run'],
    });
    const { print, style } = this.output;
    print(installView({ proposal: { changes, warnings }, style, now: Date.now() }));
    if (set !== undefined) {
      refreshPluginTypes(project.dir);
      print(style('green', 'Removed.'));
    }
    return { data: { changes, ...(set === undefined ? {} : { installed: set }), digest } };
  }
}
