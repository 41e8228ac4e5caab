import * as Flags from '@oclif/core/flags';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { planSelection, selectionArgs, selectionFlags } from '../shell/selection-flags.ts';
import { planView } from '../ui/plan-view.ts';

export default class Plan extends VpCommand {
  static override summary = 'What would run, why, by which engine and path';
  static override group = 'Pipeline';
  static override examples = [
    'vp plan',
    'vp plan +daily_revenue --why',
    'vp plan --partition 2001-01..2001-06',
  ];
  static override args = selectionArgs;
  static override flags = {
    why: Flags.boolean({ char: 'w', summary: 'Say for each asset why it runs or not' }),
    ...selectionFlags,
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Plan);
    const { openSession } = await import('../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { plan } = await planSelection(session, args.assets ?? [], flags);
    const { style } = this.output;
    this.output.print(planView({ plan, style, why: flags.why }));
    if (plan.steps.some((step) => step.action === 'run'))
      this.output.print(`\n  Run it: ${style('bold', runCommand(this.argv))}`);
    return { data: plan };
  }
}

/** The same words, as the command that runs the plan. */
function runCommand(argv: readonly string[]): string {
  return ['vp run', ...argv.filter((word) => !['--why', '-w', '--json'].includes(word))].join(' ');
}
