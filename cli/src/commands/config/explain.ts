import * as Args from '@oclif/core/args';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { explained } from '../../shell/explain-config.ts';

export default class ConfigExplain extends VpCommand {
  static override summary = 'Why a configuration key has its value: every layer, and which won';
  static override group = 'Project';
  static override examples = [
    'vp config explain engine.duckdb.memory_limit',
    'vp config explain checks --env prod',
  ];
  static override args = { key: Args.string({ required: true, description: 'A key or a section' }) };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(ConfigExplain);
    const keys = await explained(flags, args.key);
    const { print, style } = this.output;
    for (const { key, values, winner } of keys) {
      print(
        `${style('bold', key)} = ${winner === undefined ? style('dim', 'not set') : JSON.stringify(winner.value)}`,
      );
      for (const value of values) {
        const won = value === winner;
        const line = `${value.layer.padEnd(12)} ${JSON.stringify(value.value)}  ${value.place.text}`;
        print(`  ${won ? style('green', '*') : ' '} ${won ? line : style('dim', line)}`);
      }
    }
    return {
      data: keys.map(({ key, values, winner }) => ({
        key,
        ...(winner === undefined ? {} : { value: winner.value, layer: winner.layer, place: winner.place }),
        layers: values,
      })),
    };
  }
}
