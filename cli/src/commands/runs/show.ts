import * as Args from '@oclif/core/args';
import type { StepResult } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { findRun } from '../../shell/runs.ts';
import { moment } from '../../ui/format.ts';
import { summaryView } from '../../ui/summary.ts';

export default class RunsShow extends VpCommand {
  static override summary = 'What a run did, step by step';
  static override group = 'History';
  static override args = {
    run: Args.string({ default: 'latest', description: 'Its id, the beginning of it, or latest' }),
  };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RunsShow);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const store = await session.store();
    const run = await findRun(store, args.run);
    const stored = await store.events({ runId: run.id, types: ['step.finished'] });
    const results = stored.flatMap(({ event }): StepResult[] =>
      event.type === 'step.finished' ? [event.result] : [],
    );
    const summary = { run, results };
    const { print, style } = this.output;
    const facts = [
      `started ${moment(run.startedAt)}`,
      run.user === undefined ? '' : `by ${run.user}`,
      `on ${run.host}, process ${run.pid}`,
      run.environment === undefined ? '' : `environment ${run.environment}`,
      run.lockDigest === undefined ? '' : `vp.lock ${run.lockDigest.slice(0, 'sha256-'.length + 12)}`,
      run.selection === '' ? 'everything' : run.selection,
    ];
    print(style('dim', facts.filter((fact) => fact !== '').join(', ')));
    print(`\n${summaryView({ summary, style, project: session.dir })}`);
    return { data: summary };
  }
}
