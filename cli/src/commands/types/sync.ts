import * as Flags from '@oclif/core/flags';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { typesFile, writePluginTypes } from '../../shell/plugin-types.ts';

export default class TypesSync extends VpCommand {
  static override summary = `Write ${typesFile}: the sources and sinks that the plugins bring`;
  static override group = 'Project';
  static override flags = {
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only print it' }),
    project: projectFlags.project,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(TypesSync);
    const { findProject } = await import('../../project/index.ts');
    const { root } = await findProject(flags.project ?? process.cwd());
    const text = writePluginTypes(root, { dryRun: flags['dry-run'] });
    this.output.print(flags['dry-run'] ? text : `Wrote ${typesFile}.`);
    return { data: { file: typesFile, text, dryRun: flags['dry-run'] } };
  }
}
