import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Session } from './session.ts';

/** Arguments and flags that say which steps are meant, for `plan` and `run`. */
export const selectionArgs = {
  assets: Args.string({
    multiple: true,
    description: 'Assets: orders, +orders, orders+, tag:daily, source:files, shop.*',
  }),
};

export const selectionFlags = {
  select: Flags.string({
    char: 's',
    summary: 'As the arguments',
    helpValue: 'selection',
    multiple: true,
    multipleNonGreedy: true,
  }),
  exclude: Flags.string({
    char: 'x',
    summary: 'Leave these out',
    helpValue: 'selection',
    multiple: true,
    multipleNonGreedy: true,
  }),
  partition: Flags.string({
    char: 'p',
    summary: 'These partitions: 2001-03, 2001-01..2001-06, latest, region=eu',
    helpValue: 'partition',
    multiple: true,
    multipleNonGreedy: true,
  }),
  force: Flags.boolean({ char: 'f', summary: 'Run what is selected although nothing changed' }),
  'from-failed': Flags.boolean({
    summary: 'Only what did not succeed in the last run, and what follows from it',
  }),
};

interface Selection {
  readonly select?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly partition?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly 'from-failed'?: boolean | undefined;
}

/** Loads what the selection needs of the pipeline, and plans it. */
export async function planSelection(session: Session, assets: readonly string[], flags: Selection) {
  const select = [...assets, ...(flags.select ?? [])];
  // What is left out may be anywhere in the pipeline.
  const names = select.length > 0 && flags.exclude === undefined ? select : undefined;
  const pipeline = await session.pipeline(names);
  const plan = await session.kernel.plan({
    pipeline,
    select,
    exclude: flags.exclude ?? [],
    partitions: flags.partition ?? [],
    force: flags.force ?? false,
    fromFailed: flags['from-failed'] ?? false,
    signal: session.signal,
  });
  return { pipeline, plan };
}
