import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { errors } from '../../shell/errors.ts';
import { adminFlags, adminTarget } from '../../shell/registry-admin.ts';

export default class RegistryYank extends VpCommand {
  static override summary = 'Withdraw a published version: installed copies refuse to load it';
  static override description =
    'The version stays where it is, marked, and `latest` moves to the version before. Deployments learn of it from the signed kill list of the registry, at their next install or start.';
  static override group = 'Registry';
  static override examples = [
    'vp registry yank @acme/weather@1.2.0 --reason "sends its token to the log"',
    'vp registry yank @acme/weather@1.2.0 --undo',
  ];
  static override args = {
    version: Args.string({ required: true, description: 'Package and version: @acme/weather@1.2.0' }),
  };
  static override flags = {
    reason: Flags.string({ summary: 'Why, in words that its users will read', exclusive: ['undo'] }),
    undo: Flags.boolean({ summary: 'Take it back' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would happen' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RegistryYank);
    const { version: spec } = args;
    const { reason, undo, 'dry-run': dryRun } = flags;
    const { administer } = await import('@vp/registry');
    const would = dryRun ? 'Would yank' : 'Yanked';
    if (undo) {
      const data = await administer(adminTarget(flags), 'unyank', { spec, dryRun });
      this.output.print(
        `${dryRun ? 'Would take back' : 'Took back'} the yank of ${spec} (kill list ${data.serial}).`,
      );
      return { data };
    }
    if (reason === undefined)
      throw errors.VP_CLI_ARGUMENT_MISSING({ command: 'registry yank', arguments: '--reason or --undo' });
    const data = await administer(adminTarget(flags), 'yank', { spec, reason, dryRun });
    this.output.print(`${would} ${spec}: ${data.reason} (kill list ${data.serial}).`);
    return { data };
  }
}
