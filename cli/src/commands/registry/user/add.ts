import { text } from 'node:stream/consumers';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../../shell/base-command.ts';
import { adminFlags, adminTarget, tokenLines } from '../../../shell/registry-admin.ts';

export default class RegistryUserAdd extends VpCommand {
  static override summary = 'Let somebody use a registry; prints a token once';
  static override description =
    'Readers install, publishers publish too, administrators also run the registry. With a password npm login works as well.';
  static override group = 'Registry';
  static override examples = [
    'vp registry user add anna --role publisher',
    'vp registry user add ci --expires 30d',
    'vp registry user add otto --password-stdin < password.txt',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Lower case letters and digits' }),
  };
  static override flags = {
    role: Flags.option({
      options: ['reader', 'publisher', 'admin'] as const,
      default: 'reader' as const,
      summary: 'What they may do',
    })(),
    expires: Flags.string({ summary: 'When the token ends: 90d, 12h or never', helpValue: 'duration' }),
    'password-stdin': Flags.boolean({ summary: 'Read a password from standard input' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only check' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RegistryUserAdd);
    const { administer } = await import('@vp/registry');
    const { role, expires, 'dry-run': dryRun } = flags;
    const password = flags['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
    const data = await administer(adminTarget(flags), 'user-add', {
      name: args.name,
      role,
      expires,
      password,
      dryRun,
    });
    if ('token' in data)
      this.output.print(`${args.name} is ${role} now. Token:\n\n${tokenLines(data.token, data.expires)}`);
    else this.output.print(`Would add ${args.name} as ${role}.`);
    return { data };
  }
}
