import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
import type { OperationResult } from '@vp/registry';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { adminFlags, adminTarget } from '../../shell/registry-admin.ts';
import { bytes, count } from '../../ui/format.ts';
import { table } from '../../ui/table.ts';

type Status = OperationResult<'status'>;

export default class RegistryStatus extends VpCommand {
  static override summary = 'What a registry holds, who may use it, and whether all of it is whole';
  static override group = 'Registry';
  static override examples = ['vp registry status', 'vp registry status --verify'];
  static override flags = {
    verify: Flags.boolean({ summary: 'Hash every tarball and check every signature' }),
    ...adminFlags,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RegistryStatus);
    const { administer } = await import('@vp/registry');
    const status = await administer(adminTarget(flags), 'status', { verify: flags.verify });
    this.#show(status);
    return { data: status, exitCode: (status.damaged ?? []).length > 0 ? exitCodes.data : exitCodes.ok };
  }

  #show(status: Status): void {
    const { print, style } = this.output;
    const facts = [
      ['registry', status.url ?? 'not running'],
      ['version', status.version],
      ['data', `${status.data} (packages ${bytes(status.disk.packages)}, cache ${bytes(status.disk.cache)})`],
      ['packages', `${count(status.packages)}, ${count(status.plugins)} of them plugins`],
      ['versions', `${count(status.versions)}, ${count(status.yanked)} yanked`],
      ['reading', status.access === 'open' ? 'open' : 'with a token'],
      ['private', status.privateScopes.join(', ')],
      ['upstream', upstreamText(status.upstream)],
      ['key', `${status.key} (${count(status.keys)} in all)`],
      ['kill list', `serial ${status.killListSerial}`],
    ] as const;
    for (const [name, text] of facts) print(`${style('bold', name.padEnd(10))} ${text}`);
    const columns = [{ title: 'user' }, { title: 'role' }, { title: 'tokens' }, { title: 'password' }];
    const rows = status.users.map(({ name, role, tokens, hasPassword }) => [
      name,
      role,
      String(tokens),
      hasPassword ? 'yes' : 'no',
    ]);
    print(`\n${table({ columns, rows, style })}`);
    if (status.damaged === undefined) return;
    if (status.damaged.length === 0) print('\nEvery version is as it was published.');
    for (const { what, problem } of status.damaged) print(`\n${style('red', 'damaged')} ${what}: ${problem}`);
  }
}

function upstreamText(upstream: Status['upstream']): string {
  if (upstream === null) return 'none: nothing is proxied';
  return `${upstream.url} (${upstream.reachable ? 'reachable' : 'cannot be reached'})`;
}
