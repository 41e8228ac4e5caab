import * as Flags from '@oclif/core/flags';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { openProject } from '../../shell/open-project.ts';
import { refreshPluginTypes } from '../../shell/refresh-types.ts';

export default class PluginsRollback extends VpCommand {
  static override summary =
    'Go back to the plugins before the last install, with their vp.lock and [plugins]';
  static override group = 'Plugins';
  static override examples = ['vp plugins rollback --dry-run', 'vp plugins rollback'];
  static override flags = {
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would change' }),
    project: projectFlags.project,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(PluginsRollback);
    const project = await openProject({ project: flags.project });
    const { rollback } = await import('@vp/installer');
    const result = await rollback({ projectDir: project.dir, dryRun: flags['dry-run'] });
    const { print, style } = this.output;
    for (const { key, from, to } of result.changes)
      print(`  ${key} ${from ?? 'not there'} -> ${style('bold', to ?? 'not there')}`);
    if (result.changes.length === 0) print('  The versions of all plugins stay as they are.');
    if (!flags['dry-run']) {
      refreshPluginTypes(project.dir);
      print(`${style('green', 'Back')} at set ${result.to}, every byte verified.`);
    }
    return { data: { ...result, dryRun: flags['dry-run'] } };
  }
}
