import * as Flags from '@oclif/core/flags';
import type { RunRecord, RunStatus } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { ago, duration } from '../../ui/format.ts';
import { table } from '../../ui/table.ts';

const statuses: readonly RunStatus[] = ['running', 'succeeded', 'failed', 'cancelled', 'crashed'];

export default class RunsList extends VpCommand {
  static override summary = 'The runs there were, newest first';
  static override group = 'History';
  static override flags = {
    limit: Flags.integer({ char: 'l', summary: 'Runs to show', helpValue: 'runs', default: 20, min: 1 }),
    status: Flags.string({
      summary: 'Only these',
      options: [...statuses],
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RunsList);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const store = await session.store();
    const wanted = statuses.filter((status) => flags.status?.includes(status));
    const runs = await store.runs({ limit: flags.limit, ...(wanted.length === 0 ? {} : { status: wanted }) });
    const now = Date.now();
    if (runs.length === 0) {
      const none = wanted.length === 0 ? 'No runs. Start one: vp run' : `No run is ${wanted.join(' or ')}.`;
      this.output.print(none);
    } else {
      const titles = ['run', 'status', 'when', 'took', 'steps', 'what'];
      const columns = titles.map((title) => ({ title, max: title === 'what' ? 50 : 40 }));
      this.output.print(
        table({ columns, rows: runs.map((run) => cells(run, now)), style: this.output.style }),
      );
    }
    return { data: runs };
  }
}

export const statusFormat = {
  running: 'cyan',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
  crashed: 'red',
} as const;

function cells(run: RunRecord, now: number) {
  const { steps } = run;
  const facts = [
    steps.succeeded > 0 ? `${steps.succeeded} ok` : '',
    steps.failed > 0 ? `${steps.failed} failed` : '',
    steps.blocked > 0 ? `${steps.blocked} blocked` : '',
    steps.cancelled > 0 ? `${steps.cancelled} cancelled` : '',
    steps.skipped > 0 ? `${steps.skipped} up to date` : '',
  ];
  return [
    run.id,
    { text: run.status, format: statusFormat[run.status] },
    ago(run.startedAt, now),
    run.finishedAt === undefined ? '' : duration(run.finishedAt - run.startedAt),
    facts.filter((fact) => fact !== '').join(', ') || `${steps.total}`,
    run.selection === '' ? 'everything' : run.selection,
  ];
}
