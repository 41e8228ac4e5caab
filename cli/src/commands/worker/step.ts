import * as Flags from '@oclif/core/flags';
import { exitCodes, type StepResult } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { expectVpError } from '../../shell/crash.ts';
import { exitCodeOfError } from '../../shell/exit-code.ts';

export default class WorkerStep extends VpCommand {
  static override summary = 'Run one attempt of a step of a run that another process leads';
  static override description =
    'Executors that run steps elsewhere call it. The last line of standard output is the result as JSON. SIGTERM stops the attempt; a second one ends at once.';
  static override group = 'Pipeline';
  static override hidden = true;
  static override flags = {
    run: Flags.string({ summary: 'The run', helpValue: 'id', required: true }),
    step: Flags.string({ summary: 'The step', helpValue: 'id', required: true }),
    attempt: Flags.integer({ summary: 'Which attempt it is', helpValue: 'number', min: 1, default: 1 }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(WorkerStep);
    const startedAt = Date.now();
    let result: StepResult;
    try {
      result = await this.#attempt(flags);
    } catch (thrown) {
      // A refusal is an answer too: without one, the executor would try again.
      const { output } = this;
      const error = JSON.parse(
        output.redact(JSON.stringify(expectVpError(thrown, { argv: this.argv, output }).toJSON())),
      );
      const { step: stepId, attempt } = flags;
      const ended = { startedAt, finishedAt: Date.now() };
      result = { stepId, asset: stepId, status: 'failed', attempt, ...ended, error };
    }
    // Past the session, so that nothing comes after it; the kernel has removed secrets, and names must stay.
    if (!this.output.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return { data: result, exitCode: exitCodeOf(result) };
  }

  async #attempt(flags: {
    readonly run: string;
    readonly step: string;
    readonly attempt: number;
    readonly project?: string | undefined;
    readonly env?: string | undefined;
    readonly set?: readonly string[] | undefined;
    readonly debug?: boolean | undefined;
  }): Promise<StepResult> {
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { run: runId, step: stepId, attempt } = flags;
    const pipeline = await session.pipeline();
    return await session.kernel.runStep({ runId, stepId, attempt, pipeline, signal: session.signal });
  }
}

function exitCodeOf({ status, error }: StepResult): number {
  if (status === 'cancelled') return exitCodes.interrupted;
  return error === undefined ? exitCodes.ok : exitCodeOfError(error);
}
