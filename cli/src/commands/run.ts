import * as Flags from '@oclif/core/flags';
import { exitCodes, type RunSummary } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { exitCodeOfError } from '../shell/exit-code.ts';
import { planSelection, selectionArgs, selectionFlags } from '../shell/selection-flags.ts';
import { planView } from '../ui/plan-view.ts';
import { createProgressView, withoutRepeats } from '../ui/progress.ts';
import { nextCommands, summaryView } from '../ui/summary.ts';

export default class Run extends VpCommand {
  static override summary = 'Bring assets up to date';
  static override description =
    'Runs what changed and what follows from it; what is up to date is skipped. Ctrl-C ends after what is being written is whole; a second one ends at once.';
  static override group = 'Pipeline';
  static override examples = [
    'vp run',
    'vp run +daily_revenue',
    'vp run --from-failed',
    'vp run flights --partition latest --force',
  ];
  static override args = selectionArgs;
  static override flags = {
    ...selectionFlags,
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only say what would run' }),
    concurrency: Flags.integer({ char: 'c', summary: 'Steps at the same time', helpValue: 'steps', min: 1 }),
    wait: Flags.integer({
      summary: 'Wait so many seconds when another run is under way',
      helpValue: 'seconds',
      min: 0,
    }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Run);
    const { openSession } = await import('../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { pipeline, plan } = await planSelection(session, args.assets ?? [], flags);
    if (flags['dry-run']) {
      this.output.print(planView({ plan, style: this.output.style, why: true }));
      return { data: plan };
    }

    const view = this.output.json ? undefined : await createProgressView(process.stderr, this.output.redact);
    const { diagnostics, events } = session.kernel;
    const worthALine = withoutRepeats(diagnostics.all().map(({ message }) => message));
    const unsubscribe = events.subscribe((event) => {
      const shown = worthALine(event);
      if (shown !== undefined) view?.event(shown);
    });
    session.interrupts.onFirst(() =>
      view?.line('  Stopping: what is being written is finished or removed. Again to end at once.'),
    );
    let summary: RunSummary;
    try {
      summary = await session.kernel.run({
        plan,
        pipeline,
        options: flags.concurrency === undefined ? {} : { concurrency: flags.concurrency },
        signal: session.signal,
        ...(flags.wait === undefined ? {} : { waitMs: flags.wait * 1000 }),
      });
    } finally {
      unsubscribe();
      view?.close();
    }
    this.#show(summary, session.dir);
    return { data: summary, exitCode: exitCodeOf(summary) };
  }

  #show(summary: RunSummary, project: string): void {
    const { output } = this;
    output.print(`\n${summaryView({ summary, style: output.style, project })}\n`);
    const next = nextCommands(summary);
    const widest = Math.max(...next.map(([command]) => command.length));
    output.print('  Next:');
    for (const [command, what] of next) {
      output.print(`    ${output.style('bold', command.padEnd(widest))}  ${output.style('dim', what)}`);
    }
  }
}

function exitCodeOf({ run, results }: RunSummary): number {
  if (run.status === 'succeeded') return exitCodes.ok;
  if (run.status === 'cancelled') return exitCodes.interrupted;
  const error = run.error ?? results.find((result) => result.error !== undefined)?.error;
  return error === undefined ? exitCodes.data : exitCodeOfError(error);
}
