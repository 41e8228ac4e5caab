import { setTimeout as pause } from 'node:timers/promises';
import type { Json, RowBatch, Source } from '@vp/contracts';
import { collectRows } from '../../rows/collect-rows.ts';
import type { Row } from '../../rows/row.ts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensureSameRows } from '../data/canonical.ts';
import {
  ensure,
  ensureCancelled,
  ensureEnds,
  ensureSame,
  ensureSameCode,
  ensureVpError,
  failingRequests,
  notApplicable,
} from '../ensure.ts';
import type { Law } from '../law.ts';
import { readAll, request, stored, withRead } from './reading.ts';
import type { SourceSubject } from './subject.ts';

const denied = (subject: SourceSubject) =>
  subject.openDenied ? undefined : 'the subject has no wrong credentials (`openDenied`)';

/** Laws on systems that refuse, fail in the midst, or never answer. */
export const faultLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S30',
    title: 'wrong credentials: check says no, and a read fails with a VpError that is not retried',
    proves: 'A mistyped password is found by `vp doctor`, and no retry locks the account.',
    level: 'must',
    exempt: denied,
    async run(subject) {
      const source = await subject.openDenied?.();
      if (source === undefined) return;
      const report = await source.check(testContext());
      ensure(!report.ok, `check says yes: ${report.message}`);
      ensure(report.message.trim() !== '', 'check does not say what is wrong');
      const error = await ensureVpError(readAll(subject, source), 'the read with wrong credentials');
      ensure(error.class !== 'transient', `${error.code} is transient: it would be tried again`);
    },
  },
  {
    id: 'S31',
    title: 'the same fault gives the same error code and class, each time and from each instance',
    proves: 'Codes can be looked up, matched in alerts and counted.',
    level: 'must',
    exempt: ({ openBroken, openDenied, missing }) =>
      (openBroken ?? openDenied ?? missing) ? undefined : 'the subject has no faults to show',
    async run(subject) {
      const reading = (open: (() => Source | Promise<Source>) | undefined, options = subject.options) =>
        open === undefined ? undefined : async () => readAll(subject, await open(), { options });
      const faults = {
        'a broken system': reading(subject.openBroken),
        'wrong credentials': reading(subject.openDenied),
        'a stream that is not there': subject.missing && reading(() => subject.open(), subject.missing),
      };
      for (const [what, read] of Object.entries(faults))
        if (read !== undefined) await ensureSameCode(read, `a read of ${what}`);
    },
  },
  {
    id: 'S33',
    title: 'a request that fails, whichever it is, loses and doubles no row: the read fails, or is whole',
    proves: 'A lost connection never becomes a table that is too short, with a green tick.',
    level: 'must',
    exempt: (subject) => (subject.openFlaky ? undefined : 'requests of it cannot be made to fail one by one'),
    async run(subject) {
      for (const nth of failingRequests) {
        const source = await subject.openFlaky?.(nth);
        if (source === undefined) return;
        const what = `the read whose request ${nth} failed`;
        const outcome = await readAll(subject, source).catch((error: unknown) => ({ error }));
        if ('error' in outcome) {
          const error = await ensureVpError(Promise.reject(outcome.error), what);
          ensure(error.class === 'transient', `${what}: ${error.code} is ${error.class}, not transient`);
        } else {
          ensureSameRows({ schema: subject.schema, actual: outcome.rows, expected: subject.rows, what });
        }
      }
    },
  },
  {
    id: 'S35',
    title: 'a source reads ahead of its reader by a bounded amount',
    proves: 'A slow destination makes the source wait, instead of filling the memory.',
    level: 'must',
    exempt: ({ endless }) => (endless ? undefined : 'the subject has no `endless` stream'),
    async run(subject) {
      const context = testContext();
      const read = await (await subject.open()).read(
        request(subject, { options: subject.endless ?? {} }),
        context,
      );
      try {
        const [part] = read.parts;
        ensure(part?.carrier === 'rows', 'a read in rows did not give rows');
        await part.batches[Symbol.asyncIterator]().next();
        if (subject.served !== undefined) await ensureStill(subject.served);
        else await ensureMemory();
      } finally {
        context.abort();
        await read.close();
      }
    },
  },
  {
    id: 'S36',
    title: 'a system that never answers keeps no call for longer than its signal: time-outs work',
    proves: 'A hung peer costs its step, and not the run.',
    level: 'must',
    exempt: (subject) => (subject.openSilent ? undefined : 'its system cannot be made silent (`openSilent`)'),
    async run(subject) {
      const source = await subject.openSilent?.();
      if (source === undefined) return;
      const calls: readonly ((context: ReturnType<typeof testContext>) => Promise<unknown>)[] = [
        (context) => source.discover({}, context),
        (context) => drainAll(subject, source, context),
      ];
      for (const call of calls) {
        const context = testContext();
        const reason = new DOMException('too slow', 'TimeoutError');
        setTimeout(() => context.abort(reason), 30);
        await ensureCancelled(call(context), reason, 'a call of a silent system');
      }
      const context = testContext();
      setTimeout(() => context.abort(), 30);
      await ensureEnds(source.check(context), 'check of a silent system');
    },
  },
  {
    id: 'S37',
    title: 'an abort also ends the wait between two tries, within a second and with the reason',
    proves: 'Ctrl-C works in a backoff, too.',
    level: 'must',
    exempt: (subject) => (subject.openBroken ? undefined : 'no configuration of it can be wrong'),
    async run(subject) {
      const source = await subject.openBroken?.();
      if (source === undefined) return;
      const context = testContext();
      const reason = new Error('enough');
      const work = drainAll(subject, source, context).then(
        () => undefined,
        (error: unknown) => error,
      );
      // Whatever it waits for after this is a try that comes later.
      if ((await Promise.race([work, pause(60, 'waits')])) !== 'waits') return;
      context.abort(reason);
      await ensureCancelled(
        work.then((error) => Promise.reject(error)),
        reason,
        'a read that waits for its next try',
      );
    },
  },
  {
    id: 'S43',
    title: 'every batch of an endless stream has a state, and a read from it goes on with the next row',
    proves: 'A topic or a change stream is committed window by window, and resumed at each.',
    level: 'must',
    exempt: ({ endless }) => (endless ? undefined : 'the subject has no `endless` stream'),
    async run(subject) {
      const source = await subject.open();
      const seen = await firstBatches(subject, source, 4);
      for (const [i, { state, rows }] of seen.slice(0, -1).entries()) {
        ensure(state !== undefined, `batch ${i + 1} of an endless stream has no state`);
        const [next] = await firstBatches(subject, await subject.open(), 1, stored(state));
        ensureSame(next?.rows[0], seen[i + 1]?.rows[0], `the row after the state of batch ${i + 1}`);
        ensure(rows.length > 0, `batch ${i + 1} has no rows`);
      }
    },
  },
];

async function firstBatches(subject: SourceSubject, source: Source, count: number, state?: Json) {
  const context = testContext();
  const wanted = request(subject, {
    options: subject.endless ?? {},
    ...(state === undefined ? {} : { state }),
  });
  const read = await source.read(wanted, context);
  const seen: { readonly rows: readonly Row[]; readonly state: Json | undefined }[] = [];
  try {
    if (read.bounded) notApplicable('its `endless` stream ends one day');
    const [part] = read.parts;
    ensure(part?.carrier === 'rows', 'a read in rows did not give rows');
    for await (const batch of part.batches) {
      async function* only(): AsyncGenerator<RowBatch> {
        yield batch;
      }
      seen.push({ rows: await collectRows(rowsPayload(read.schema, only())), state: batch.state });
      if (seen.length === count) break;
    }
    return seen;
  } finally {
    context.abort();
    await read.close();
  }
}

async function drainAll(
  subject: SourceSubject,
  source: Source,
  context: ReturnType<typeof testContext>,
): Promise<void> {
  await withRead(
    source,
    request(subject),
    async ({ parts }) => {
      for (const part of parts) if (part.carrier === 'rows') for await (const _ of part.batches);
    },
    context,
  );
}

/** Breaks the law unless the source stops taking rows while nobody takes its own. */
async function ensureStill(served: () => number): Promise<void> {
  const begun = served();
  for (let before = begun, tries = 0; tries < 10; tries++) {
    await pause(100);
    if (served() === before) return;
    before = served();
  }
  ensure(false, `${served() - begun} rows were taken while nobody took any, and it goes on`);
}

const mebibyte = 1024 * 1024;

async function ensureMemory(): Promise<void> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  await pause(500);
  const grown = Math.round((used() - before) / mebibyte);
  ensure(grown < 128, `memory grew by ${grown} MiB while nobody took a row`);
}
