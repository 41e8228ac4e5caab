import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';

export default class PluginsPublish extends VpCommand {
  static override summary = 'Publish a plugin to a registry';
  static override group = 'Plugins';
  static override description =
    'Proves the plugin, checks what the registry will check, packs and publishes it, and waits until it is seen. The registry is that of its scope in .npmrc; the token is VP_REGISTRY_TOKEN, or stands there. Build before: nothing is built here.';
  static override examples = [
    'vp plugins publish',
    'vp plugins publish ./acme-weather --dry-run',
    'vp plugins publish --registry http://127.0.0.1:4873 --tag next',
  ];
  static override args = {
    dir: Args.string({ default: '.', description: "The plugin's folder" }),
  };
  static override flags = {
    registry: Flags.string({ summary: 'The registry, instead of the one in .npmrc', helpValue: 'url' }),
    tag: Flags.string({ summary: 'Publish under this tag instead of latest', helpValue: 'name' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Check and pack, and publish nothing' }),
    'skip-conformance': Flags.boolean({
      summary: 'Publish with the report that is there; without a fitting one there is no badge',
    }),
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsPublish);
    const { readPluginPackage } = await import('../../plugin-kit/plugin-package.ts');
    const { proveForPublishing } = await import('../../plugin-kit/prove-for-publishing.ts');
    const { publishPackage } = await import('@vp/installer');
    const { publishView } = await import('../../plugin-kit/publish-view.ts');
    const plugin = await readPluginPackage(args.dir);
    const request = {
      directory: plugin.directory,
      ...(flags.registry === undefined ? {} : { registry: flags.registry }),
      ...(flags.tag === undefined ? {} : { tag: flags.tag }),
    };
    // What is refused without looking at a law is refused before minutes are spent on them.
    const proves = !flags['skip-conformance'];
    await publishPackage({ ...request, dryRun: true, report: proves ? 'later' : 'as-is' });
    if (proves) await proveForPublishing({ plugin, output: this.output, write: !flags['dry-run'] });
    // A dry run leaves no report behind, so there may be none to look for.
    const report = proves && flags['dry-run'] ? 'later' : 'as-is';
    const published = await publishPackage({ ...request, report, dryRun: flags['dry-run'] });
    this.output.print(publishView(published, this.output.style));
    return { data: published, exitCode: exitCodes.ok };
  }
}
