import { setTimeout as pause } from 'node:timers/promises';
import type { RowBatch, Source } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { cancelMs, ensure, ensureCancelled, notApplicable, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import { readAll, request, withRead } from './reading.ts';
import type { SourceSubject } from './subject.ts';

/** Laws on cancelling and closing. */
export const controlLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S26',
    title: 'a read ends within a second of the abort, with the signal’s reason',
    proves: 'Ctrl-C and time-outs work, also while the system is slow.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      for (const at of subject.endless === undefined ? [1] : [1, 2, 3, 5]) await abortAt(subject, source, at);
    },
  },
  {
    id: 'S27',
    title: 'a call whose signal is aborted already does nothing but reject with the reason',
    proves: 'A cancelled run starts nothing any more.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const reason = new Error('never started');
      const context = testContext();
      context.abort(reason);
      const read = async () => {
        const { parts } = await source.read(request(subject), context);
        for (const part of parts) if (part.carrier === 'rows') for await (const _ of part.batches);
      };
      await ensureCancelled(read(), reason, 'read');
      await ensureCancelled(source.discover({}, context), reason, 'discover');
    },
  },
  {
    id: 'S28',
    title: 'an aborted read does not disturb another one of the same instance',
    proves: 'A step that times out takes no other step down.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const context = testContext();
      const read = await source.read(request(subject), context);
      context.abort(new Error('enough'));
      await read.close();
      const { rows } = await readAll(subject, source);
      ensure(rows.length === subject.rows.length, `the other read gave ${rows.length} rows`);
    },
  },
  {
    id: 'S29',
    title: 'close may come at any time, also twice, and ends what is open',
    proves: 'The host can always clean up, whatever has happened before.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const untouched = await source.read(request(subject), testContext());
      await within(1_000, untouched.close(), 'close of an untouched read');
      await within(1_000, untouched.close(), 'the second close');

      const begun = await source.read(request(subject), testContext());
      const [part] = begun.parts;
      if (part?.carrier === 'rows') await part.batches[Symbol.asyncIterator]().next();
      await within(1_000, begun.close(), 'close in the midst of a read');

      await withRead(source, request(subject), async (read) => read.close());
    },
  },
];

/** Aborts a read when `at` batches were taken and the next one is asked for. */
async function abortAt(subject: SourceSubject, source: Source, at: number): Promise<void> {
  const context = testContext();
  const reason = new Error(`enough at batch ${at}`);
  const wanted = request(subject, { options: subject.endless ?? subject.options });
  const read = await source.read(wanted, context);
  try {
    const [part] = read.parts;
    ensure(part?.carrier === 'rows', 'a read in rows did not give rows');
    const batches = part.batches[Symbol.asyncIterator]();
    for (let taken = 0; taken < at; taken++)
      ensure((await batches.next()).done !== true, `the stream ended before batch ${at}, to abort after`);
    const rest = drain(batches);
    context.abort(reason);
    // How it ends is looked at below; here only whether it was over before the abort.
    const left = rest.catch(() => undefined);
    if ((await Promise.race([left, pause(cancelMs)])) === 0)
      notApplicable('the stream is one batch: give the subject an `endless` stream');
    await ensureCancelled(rest, reason, `the read at batch ${at}`);
  } finally {
    await within(1_000, read.close(), 'close after the abort');
  }
}

async function drain(batches: AsyncIterator<RowBatch>): Promise<number> {
  let count = 0;
  for (let next = await batches.next(); next.done !== true; next = await batches.next()) count++;
  return count;
}
