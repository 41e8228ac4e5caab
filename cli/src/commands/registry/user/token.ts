import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { AdminTarget } from '@vp/registry';
import { type Outcome, VpCommand } from '../../../shell/base-command.ts';
import { adminFlags, adminTarget, tokenLines } from '../../../shell/registry-admin.ts';
import { table } from '../../../ui/table.ts';

export default class RegistryUserToken extends VpCommand {
  static override summary = 'Make a token for a user, list or revoke them';
  static override group = 'Registry';
  static override examples = [
    'vp registry user token ci --expires 30d --note "build server"',
    'vp registry user token ci --list',
    'vp registry user token ci --revoke 1f0c2a9b7d3e',
  ];
  static override args = { name: Args.string({ required: true, description: 'The user' }) };
  static override flags = {
    expires: Flags.string({ summary: 'When it ends: 90d, 12h or never', helpValue: 'duration' }),
    note: Flags.string({ summary: 'What it is for' }),
    list: Flags.boolean({ summary: 'List the tokens there are', exclusive: ['revoke'] }),
    revoke: Flags.string({ summary: 'Revoke the token with this id', helpValue: 'id' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RegistryUserToken);
    const { administer } = await import('@vp/registry');
    const { name: user } = args;
    const { expires, note, list, revoke } = flags;
    const target = adminTarget(flags);
    if (list) return this.#list(target, user);
    if (revoke !== undefined) {
      const data = await administer(target, 'token-revoke', { id: revoke, user });
      this.output.print(`Revoked ${revoke} of ${user}.`);
      return { data };
    }
    const data = await administer(target, 'token-create', { user, expires, note });
    this.output.print(`Token ${data.id} of ${user}:\n\n${tokenLines(data.token, data.expires)}`);
    return { data };
  }

  async #list(target: AdminTarget, user: string): Promise<Outcome> {
    const { administer } = await import('@vp/registry');
    const data = await administer(target, 'token-list', { user });
    const columns = [{ title: 'id' }, { title: 'made' }, { title: 'expires' }, { title: 'note' }];
    const rows = data.tokens.map(({ id, created, expires, note = '' }) => [
      id,
      created.slice(0, 10),
      expires?.slice(0, 10) ?? 'never',
      note,
    ]);
    this.output.print(
      rows.length === 0 ? `${user} has no token.` : table({ columns, rows, style: this.output.style }),
    );
    return { data };
  }
}
