import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { count, moment } from '../ui/format.ts';
import { rowObjects, rowsView, takeRows } from '../ui/rows-view.ts';

export default class Show extends VpCommand {
  static override summary = "An asset's first rows";
  static override group = 'Data';
  static override examples = [
    'vp show orders',
    'vp show flights --partition 2001-03 --limit 5',
    'vp show orders --snapshot prev',
  ];
  static override args = { asset: Args.string({ required: true, description: 'The asset' }) };
  static override flags = {
    limit: Flags.integer({ char: 'l', summary: 'Rows to show', helpValue: 'rows', default: 20, min: 1 }),
    partition: Flags.string({ char: 'p', summary: 'Only this partition', helpValue: 'partition' }),
    snapshot: Flags.string({ summary: 'A past snapshot: its id, or prev', helpValue: 'id' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Show);
    const { openSession } = await import('../shell/session.ts');
    const { locateAsset } = await import('../shell/locate.ts');
    const { pastSnapshot } = await import('../shell/snapshots.ts');
    await using session = await openSession({ flags, output: this.output });
    const { asset } = args;
    const { engine, snapshots, partition } = await locateAsset(session, {
      asset,
      partition: flags.partition,
    });
    const past =
      flags.snapshot === undefined
        ? undefined
        : await pastSnapshot(engine, {
            target: { asset, ...(partition && { partition }) },
            id: flags.snapshot,
          });
    const relation = await engine.relation({
      asset,
      ...(partition === undefined ? {} : { partitions: [partition] }),
      ...(past === undefined ? {} : { snapshot: past.id }),
    });
    const context = session.kernel.callContext(session.signal);
    const result = await engine.query({ text: `select * from ${relation} limit ${flags.limit}` }, context);
    const taken = await takeRows(result, flags.limit);
    const shown = past === undefined ? snapshots : [past];
    const total = shown.reduce((sum, snapshot) => sum + snapshot.rows, 0);
    const newest = Math.max(...shown.map((snapshot) => snapshot.createdAt));
    const { style } = this.output;
    this.output.print(rowsView(taken, style));
    this.output.print(
      style(
        'dim',
        `of ${count(total)} in ${shown.length === 1 ? `snapshot ${shown[0]?.id}` : `${shown.length} partitions`}, made ${moment(newest)}`,
      ),
    );
    return {
      data: {
        asset,
        snapshots: shown.map(({ id, partition: key, rows, bytes, createdAt, location }) => ({
          id,
          ...(key === undefined ? {} : { partition: key }),
          rows,
          bytes,
          createdAt,
          location,
        })),
        total,
        columns: taken.columns,
        rows: rowObjects(taken),
      },
    };
  }
}
