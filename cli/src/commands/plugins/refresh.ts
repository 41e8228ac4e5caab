import { exitCodes } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { listenForInterrupts } from '../../shell/interrupts.ts';
import { moment } from '../../ui/format.ts';
import { table } from '../../ui/table.ts';

export default class PluginsRefresh extends VpCommand {
  static override summary = 'Ask the registries of vp.lock which versions they have withdrawn';
  static override description =
    'Commands that run plugins do it by themselves when what they know is older than kill_list_max_age of [policy].';
  static override group = 'Plugins';
  static override flags = { project: projectFlags.project };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(PluginsRefresh);
    const { findProject } = await import('../../project/index.ts');
    const { readLock } = await import('@vp/kernel');
    const { refreshKillLists } = await import('../../shell/refresh-kill-lists.ts');
    const { root: dir } = await findProject(flags.project ?? process.cwd());
    const lock = readLock(dir)?.lock;
    const { print, style } = this.output;
    if (lock === undefined || Object.keys(lock.registries).length === 0) {
      print('No registry to ask: vp.lock lists none.');
      return { data: { registries: [] } };
    }
    const interrupts = listenForInterrupts(this.output);
    try {
      const registries = await refreshKillLists({ dir, lock, signal: interrupts.signal });
      const columns = [{ title: 'registry' }, { title: 'withdrawn' }, { title: 'asked' }];
      const rows = registries.map(({ registry, withdrawn, checked, error }) => [
        registry,
        withdrawn === undefined ? 'keeps no list' : String(withdrawn),
        error === undefined
          ? moment(Date.parse(checked ?? ''))
          : { text: `${error.code}: ${error.message}`, format: 'red' as const },
      ]);
      print(table({ columns, rows, style }));
      const data = registries.map(({ error, ...rest }) => {
        return error === undefined ? rest : { ...rest, error: error.toJSON() };
      });
      const isReached = registries.every(({ error }) => error === undefined);
      return { data: { registries: data }, exitCode: isReached ? exitCodes.ok : exitCodes.connection };
    } finally {
      interrupts.stop();
    }
  }
}
