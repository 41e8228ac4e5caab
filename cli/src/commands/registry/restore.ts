import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { count } from '../../ui/format.ts';

export default class RegistryRestore extends VpCommand {
  static override summary = 'Restore a backup of a registry into an empty folder';
  static override description =
    'Every file is compared with its hash and every version with its signature before the folder is there.';
  static override group = 'Registry';
  static override examples = ['vp registry restore registry.backup --data ./vp-registry'];
  static override args = {
    backup: Args.string({ required: true, description: 'What vp registry backup wrote' }),
  };
  static override flags = {
    data: Flags.string({ summary: 'Data folder to make', helpValue: 'dir', default: './vp-registry' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only check the backup' }),
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RegistryRestore);
    const { restoreBackup } = await import('@vp/registry');
    const dryRun = flags['dry-run'];
    const summary = await restoreBackup({ file: resolve(args.backup), dataDir: flags.data, dryRun });
    const { data, created, files } = summary;
    this.output.print(
      dryRun
        ? `The backup of ${created} is whole: ${count(files)} files.`
        : `Restored the backup of ${created} to ${data}: ${count(files)} files. Start it: vp registry start --data ${flags.data}`,
    );
    return { data: { ...summary, dryRun } };
  }
}
