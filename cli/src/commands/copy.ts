import { randomBytes } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { SchemaAction, TransferSpec, WriteMode } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import type { Session } from '../shell/session.ts';
import { bytes, count, duration, short } from '../ui/format.ts';
import { transferProgress } from '../ui/transfer-progress.ts';
import { transferView } from '../ui/transfer-view.ts';

export default class Copy extends VpCommand {
  static override summary = 'Copy a table or files straight from a source to a sink';
  static override description =
    'Each end is connection:table of vp.toml, a URL with the table after #, or a file. What would be lost, and how the columns arrive, is known and shown before anything is read. With --cursor only what is new is read: where the last copy ended lies with the data at the destination.';
  static override group = 'Data';
  static override examples = [
    'vp copy data/orders.csv orders.parquet',
    "vp copy 'postgres://vp@db.internal/shop#public.orders' orders.parquet",
    'vp copy shop:public.orders lake:raw.orders --mode merge --key id --cursor updated_at',
  ];
  static override args = {
    from: Args.string({ required: true, description: 'Where the data is' }),
    to: Args.string({ required: true, description: 'Where it goes' }),
  };
  static override flags = {
    mode: Flags.string({
      summary: 'What becomes of the rows that are there; needed when the destination exists',
      options: ['replace', 'append', 'merge'],
    }),
    key: Flags.string({
      summary: 'For merge: what identifies a row',
      helpValue: 'columns',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    cursor: Flags.string({
      summary: 'Read only rows whose column grew since the last copy',
      helpValue: 'column',
    }),
    where: Flags.string({ summary: 'Read only rows for which this SQL condition holds', helpValue: 'sql' }),
    schema: Flags.string({
      summary: 'What follows when the columns differ from those of the destination',
      options: ['evolve', 'freeze', 'discard_value'],
      default: 'evolve',
    }),
    'allow-loss': Flags.string({
      summary: 'Let values lose this on their way',
      helpValue: 'name',
      multiple: true,
      multipleNonGreedy: true,
    }),
    path: Flags.string({ summary: 'Move the data in this format', helpValue: 'format' }),
    full: Flags.boolean({ summary: 'Read everything, wherever the last copy ended' }),
    parallel: Flags.integer({
      summary: 'Parts to move at the same time',
      helpValue: 'parts',
      default: 4,
      min: 1,
    }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would be done' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Copy);
    const { openSession } = await import('../shell/session.ts');
    const { findEnd } = await import('../transfer/ends.ts');
    const { errors } = await import('../transfer/errors.ts');
    const { openEnds, planTransfer, runTransfer } = await import('@vp/kernel');
    const read = {
      ...(flags.cursor === undefined ? {} : { cursor: flags.cursor }),
      ...(flags.where === undefined ? {} : { where: flags.where }),
    };
    const find = ({ kernel }: Session) => ({
      from: findEnd({ kernel, point: 'source', text: args.from, options: read }),
      to: findEnd({ kernel, point: 'sink', text: args.to, options: {} }),
    });
    const first = await openSession({ flags, output: this.output });
    const ends = await settled(first, () => find(first));
    const set = [...(flags.set ?? []), ...ends.from.set, ...ends.to.set];
    await first[Symbol.asyncDispose]();
    // A URL's connection has to be there before the kernel is.
    await using session = await openSession({ flags: { ...flags, set }, output: this.output });
    const { kernel } = session;
    const context = kernel.callContext(session.signal);
    const wanted = flags.schema as SchemaAction;
    const spec: TransferSpec = {
      name: `${nameOf(args.from)} -> ${nameOf(args.to)}`,
      from: ends.from.end,
      to: ends.to.end,
      mode: (flags.mode ?? 'replace') as WriteMode,
      ...(flags.key === undefined ? {} : { key: flags.key }),
      schema: { column: wanted, type: wanted === 'discard_value' ? 'evolve' : wanted },
      ...(flags['allow-loss'] === undefined ? {} : { allowLoss: flags['allow-loss'] }),
      ...(flags.path === undefined ? {} : { format: flags.path }),
      full: flags.full,
    };
    const opened = await openEnds(kernel.host, spec);
    const plan = await planTransfer({ ends: opened, spec, context });
    if (plan.exists && flags.mode === undefined)
      throw errors.VP_COPY_MODE_NEEDED({ location: plan.location });
    this.output.print(transferView(plan, this.output.style));
    if (flags['dry-run']) return { data: { plan, dryRun: true } };

    await opened.sink.recover?.({ options: spec.to.options }, context);
    const progress = transferProgress(process.stderr, plan.estimatedRows);
    const started = performance.now();
    const token = `copy-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
    try {
      const result = await runTransfer({
        ends: opened,
        plan,
        attempt: { runId: token, stepId: 'copy', token },
        context: { ...context, progress: (now) => progress.update(now) },
        parallelism: flags.parallel,
      });
      progress.close();
      const ms = performance.now() - started;
      const size = result.bytes === undefined ? '' : `, ${bytes(result.bytes)}`;
      const rate = result.rows === 0 ? '' : `, ${short(result.rows / (ms / 1000))} rows/s`;
      this.output.print(
        `\nCopied ${count(result.rows)} rows${size} to ${result.location} in ${duration(ms)}${rate}`,
      );
      return { data: { ...result, path: plan.path, ms: Math.round(ms) } };
    } finally {
      progress.close();
    }
  }
}

/** The ends without their passwords: the state of a copy is kept under this name. */
const nameOf = (text: string): string => text.replace(/(:\/\/)[^/@]*@/, '$1');

/** Closes the session when what it is opened for fails. */
async function settled<T>(session: Session, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}
