import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../../shell/base-command.ts';
import { adminFlags, adminTarget } from '../../../shell/registry-admin.ts';

export default class RegistryKeysRotate extends VpCommand {
  static override summary = 'Sign with a new key from now on';
  static override description =
    'The present key vouches for the new one, so deployments that trust it go on without a change; its private half is erased. What it signed stays valid.';
  static override group = 'Registry';
  static override flags = {
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say which key would be retired' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RegistryKeysRotate);
    const { administer } = await import('@vp/registry');
    const data = await administer(adminTarget(flags), 'keys-rotate', { dryRun: flags['dry-run'] });
    this.output.print(
      data.key === undefined
        ? `Would retire ${data.retired?.keyid}.`
        : `Signs with ${data.key.keyid} now. Retired: ${data.retired?.keyid}`,
    );
    return { data };
  }
}
