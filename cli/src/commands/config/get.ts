import * as Args from '@oclif/core/args';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { explained } from '../../shell/explain-config.ts';

export default class ConfigGet extends VpCommand {
  static override summary = 'Configuration values that hold; secrets as their references';
  static override group = 'Project';
  static override examples = [
    'vp config get',
    'vp config get engine.duckdb',
    'vp config get connections --env prod',
  ];
  static override args = { key: Args.string({ description: 'A key or a section; all when left out' }) };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(ConfigGet);
    const keys = await explained(flags, args.key);
    const set = keys.filter((each) => each.winner !== undefined);
    for (const { key, winner } of set) this.output.print(`${key} = ${JSON.stringify(winner?.value)}`);
    return { data: Object.fromEntries(set.map(({ key, winner }) => [key, winner?.value])) };
  }
}
