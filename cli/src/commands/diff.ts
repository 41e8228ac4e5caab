import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { didYouMean, type Engine, type Snapshot } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { errors } from '../shell/errors.ts';
import { diffView } from '../ui/diff-view.ts';
import { moment } from '../ui/format.ts';

export default class Diff extends VpCommand {
  static override summary = 'What changed between two snapshots of an asset';
  static override description =
    'Compares the present snapshot with the one before, or with --against. Rows are matched by the declared key, by --key, or as wholes.';
  static override group = 'Data';
  static override examples = [
    'vp diff orders',
    'vp diff orders --against 01JD',
    'vp diff orders --key id --limit 20',
  ];
  static override args = { asset: Args.string({ required: true, description: 'The asset' }) };
  static override flags = {
    against: Flags.string({
      summary: 'The older snapshot: its id, or prev',
      helpValue: 'id',
      default: 'prev',
    }),
    partition: Flags.string({ char: 'p', summary: 'Only this partition', helpValue: 'partition' }),
    key: Flags.string({
      summary: 'Columns that identify a row',
      helpValue: 'columns',
      delimiter: ',',
      multiple: true,
    }),
    limit: Flags.integer({
      char: 'l',
      summary: 'Rows to show of each kind',
      helpValue: 'rows',
      default: 5,
      min: 0,
    }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Diff);
    const { openSession } = await import('../shell/session.ts');
    const { locateAsset } = await import('../shell/locate.ts');
    const { pastSnapshot } = await import('../shell/snapshots.ts');
    const { diffRelations } = await import('../shell/diff.ts');
    await using session = await openSession({ flags, output: this.output });
    const { asset } = args;
    const located = await locateAsset(session, { asset, partition: flags.partition });
    const { engine, snapshots } = located;
    const [current, ...others] = snapshots;
    if (current === undefined || others.length > 0) {
      throw errors.VP_CLI_PARTITION_NEEDED({ asset, count: snapshots.length });
    }
    const target = { asset, ...(current.partition === undefined ? {} : { partition: current.partition }) };
    const past = await pastSnapshot(engine, { target, id: flags.against });
    const key = flags.key ?? current.schema.key ?? [];
    checkKey(key, [past, current]);
    const difference = await diffRelations({
      engine,
      before: await side(engine, past),
      after: await side(engine, current),
      key,
      sampleSize: flags.limit,
      context: session.kernel.callContext(session.signal),
    });
    const { print, style } = this.output;
    const name = (snapshot: Snapshot) => `${snapshot.id} (${moment(snapshot.createdAt)})`;
    print(`${style('bold', asset)}  ${name(past)} -> ${name(current)}\n\n${diffView(difference, style)}`);
    return { data: { asset, before: past.id, after: current.id, ...difference } };
  }
}

async function side(engine: Engine, snapshot: Snapshot) {
  const { asset, partition, id, schema, rows } = snapshot;
  const relation = await engine.relation({
    asset,
    snapshot: id,
    ...(partition === undefined ? {} : { partitions: [partition] }),
  });
  return { relation, schema, rows };
}

function checkKey(key: readonly string[], sides: readonly Snapshot[]): void {
  for (const { asset, schema } of sides) {
    const names = schema.fields.map((field) => field.name);
    const unknown = key.find((name) => !names.includes(name));
    if (unknown === undefined) continue;
    throw errors.VP_CLI_COLUMN_UNKNOWN({ asset, column: unknown, suggestion: didYouMean(unknown, names) });
  }
}
