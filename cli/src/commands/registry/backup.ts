import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { adminFlags, adminTarget } from '../../shell/registry-admin.ts';
import { bytes, count } from '../../ui/format.ts';

const { data, config } = adminFlags;

export default class RegistryBackup extends VpCommand {
  static override summary = 'Back up a registry, while it runs or not';
  static override description =
    'One file with packages, users, kill list and the signing keys: keep it as safe as the keys. What came from the upstream is not in it.';
  static override group = 'Registry';
  static override examples = ['vp registry backup -o registry.backup'];
  static override flags = {
    output: Flags.string({ char: 'o', summary: 'File to write', helpValue: 'file', required: true }),
    data,
    config,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RegistryBackup);
    const { administer } = await import('@vp/registry');
    const summary = await administer(adminTarget(flags), 'backup', { file: resolve(flags.output) });
    const { file, packages, versions, bytes: size } = summary;
    this.output.print(
      `Wrote ${file}: ${count(packages)} packages, ${count(versions)} versions, ${bytes(size)}.`,
    );
    return { data: summary };
  }
}
