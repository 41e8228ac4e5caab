import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { didYouMean } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { errors } from '../shell/errors.ts';
import { lineageOf } from '../shell/lineage.ts';
import { lineageTree, mermaid } from '../ui/lineage-view.ts';

export default class Lineage extends VpCommand {
  static override summary = 'Where assets come from and who uses them';
  static override group = 'Data';
  static override examples = [
    'vp lineage orders --up',
    'vp lineage orders --up --down',
    'vp lineage --mermaid > lineage.md',
  ];
  static override args = { asset: Args.string({ description: 'The asset; all when left out' }) };
  static override flags = {
    up: Flags.boolean({ char: 'u', summary: 'What it is made from' }),
    down: Flags.boolean({ char: 'd', summary: 'What is made from it' }),
    mermaid: Flags.boolean({ summary: 'As a Mermaid diagram' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Lineage);
    const { openSession } = await import('../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const pipeline = await session.pipeline();
    const names = pipeline.assets.map((each) => each.name);
    const { asset } = args;
    if (asset !== undefined && !names.includes(asset)) {
      throw errors.VP_CLI_ASSET_UNKNOWN({ asset, suggestion: didYouMean(asset, names) });
    }
    const both = !flags.up && !flags.down;
    const lineage = lineageOf(pipeline, { asset, up: flags.up || both, down: flags.down || both });
    const { print, style } = this.output;
    print(flags.mermaid ? mermaid(lineage) : lineageTree(lineage, style));
    return { data: lineage };
  }
}
