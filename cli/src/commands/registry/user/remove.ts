import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../../shell/base-command.ts';
import { adminFlags, adminTarget } from '../../../shell/registry-admin.ts';
import { count } from '../../../ui/format.ts';

export default class RegistryUserRemove extends VpCommand {
  static override summary = 'Take a user and all their tokens away from a registry';
  static override group = 'Registry';
  static override args = { name: Args.string({ required: true, description: 'The user' }) };
  static override flags = {
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would go' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RegistryUserRemove);
    const { administer } = await import('@vp/registry');
    const { name } = args;
    const data = await administer(adminTarget(flags), 'user-remove', { name, dryRun: flags['dry-run'] });
    const would = data.dryRun ? 'Would remove' : 'Removed';
    this.output.print(`${would} ${name} and ${count(data.tokens)} token${data.tokens === 1 ? '' : 's'}.`);
    return { data };
  }
}
