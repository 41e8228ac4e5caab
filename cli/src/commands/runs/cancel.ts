import * as Args from '@oclif/core/args';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { errors } from '../../shell/errors.ts';
import { findRun } from '../../shell/runs.ts';

export default class RunsCancel extends VpCommand {
  static override summary = 'Ask a run to stop, as Ctrl-C does';
  static override description =
    'The request goes through the store, so that it reaches a run on any machine that shares it. What the run has committed stays.';
  static override group = 'History';
  static override args = {
    run: Args.string({ required: true, description: 'Its id, the beginning of it, or latest' }),
  };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RunsCancel);
    const { openSession } = await import('../../shell/session.ts');
    const { requestCancel } = await import('@vp/kernel');
    await using session = await openSession({ flags, output: this.output });
    const store = await session.store();
    const run = await findRun(store, args.run);
    if (run.status !== 'running') throw errors.VP_CLI_RUN_NOT_RUNNING({ run: run.id, status: run.status });
    await requestCancel(store, run.id);
    this.output.print(
      `Asked run ${run.id} (process ${run.pid} on ${run.host}) to stop. See: vp runs logs ${run.id} --follow`,
    );
    return { data: { run: run.id, requested: true } };
  }
}
