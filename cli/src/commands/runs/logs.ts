import { setTimeout as wait } from 'node:timers/promises';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Store, StoredEvent } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { findRun } from '../../shell/runs.ts';
import { eventText } from '../../ui/event-text.ts';

const page = 1000;
const pollMs = 500;

export default class RunsLogs extends VpCommand {
  static override summary = 'Every event of a run, in order';
  static override group = 'History';
  static override args = {
    run: Args.string({ default: 'latest', description: 'Its id, the beginning of it, or latest' }),
  };
  static override flags = {
    step: Flags.string({ summary: 'Only of this step', helpValue: 'step' }),
    follow: Flags.boolean({ char: 'F', summary: 'Go on until the run ends' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(RunsLogs);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const store = await session.store();
    const { id } = await findRun(store, args.run);
    const events: StoredEvent[] = [];
    const filter = { runId: id, ...(flags.step === undefined ? {} : { stepId: flags.step }) };
    for await (const stored of eventsOf(store, filter, flags.follow ? session.signal : undefined)) {
      this.output.print(eventText(stored.event, this.output.style));
      if (this.output.json) events.push(stored);
    }
    return { data: events };
  }
}

/** Page by page; with a signal, until it aborts or the run has ended. */
async function* eventsOf(
  store: Store,
  filter: { readonly runId: string; readonly stepId?: string },
  follow: AbortSignal | undefined,
): AsyncGenerator<StoredEvent> {
  let after = 0;
  for (;;) {
    const [run] = follow === undefined ? [] : await store.runs({ id: filter.runId });
    const found = await store.events({ ...filter, after, limit: page });
    yield* found;
    after = found.at(-1)?.position ?? after;
    if (found.length === page) continue;
    // The status was read before the events, so that none is missed.
    if (follow === undefined || run?.status !== 'running') return;
    await wait(pollMs, undefined, { signal: follow });
  }
}
