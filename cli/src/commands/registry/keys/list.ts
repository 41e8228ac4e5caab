import { type Outcome, VpCommand } from '../../../shell/base-command.ts';
import { adminFlags, adminTarget } from '../../../shell/registry-admin.ts';
import { table } from '../../../ui/table.ts';

export default class RegistryKeysList extends VpCommand {
  static override summary = 'The keys that a registry signs with, and those before';
  static override group = 'Registry';
  static override flags = { ...adminFlags };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RegistryKeysList);
    const { administer } = await import('@vp/registry');
    const data = await administer(adminTarget(flags), 'keys-list', {});
    const columns = [{ title: 'key' }, { title: 'signs' }, { title: 'vouched for by' }];
    const rows = data.keys.map(({ keyid, expires, endorsement }) => [
      keyid,
      expires === null ? 'what is published now' : `what was published before ${expires}`,
      endorsement?.keyid ?? '',
    ]);
    this.output.print(table({ columns, rows, style: this.output.style }));
    return { data };
  }
}
