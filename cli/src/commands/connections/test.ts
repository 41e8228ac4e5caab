import * as Args from '@oclif/core/args';
import { exitCodes } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';

export default class ConnectionsTest extends VpCommand {
  static override summary = 'Whether connections of vp.toml can be used as they are configured';
  static override group = 'Data';
  static override examples = ['vp connections test', 'vp connections test shop'];
  static override args = {
    connections: Args.string({ description: 'Their names; all when left out', multiple: true }),
  };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(ConnectionsTest);
    const { openSession } = await import('../../shell/session.ts');
    const { findConnection } = await import('../../shell/connections.ts');
    const { checkConnections } = await import('../../doctor/deployment.ts');
    await using session = await openSession({ flags, output: this.output });
    const { kernel } = session;
    const names = args.connections ?? [];
    for (const name of names) findConnection(kernel, name);
    const findings = await checkConnections(kernel, session.signal, names);
    const { print, style } = this.output;
    if (findings.length === 0) print('No connections. Add them to [connections] of vp.toml.');
    for (const { what, status, message, fix } of findings) {
      print(`${status === 'ok' ? style('green', 'ok  ') : style('red', 'FAIL')} ${what}: ${message}`);
      if (fix !== undefined && status !== 'ok') print(`     ${style('dim', 'next')}  ${fix}`);
    }
    const isFine = findings.length > 0 && findings.every(({ status }) => status === 'ok');
    return { data: findings, exitCode: isFine ? exitCodes.ok : exitCodes.connection };
  }
}
