import { isVpError, type RowBatch } from '@vp/contracts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensure, ensureCancelled, ensureRejects, ensureSame, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import type { SinkSubject } from './subject.ts';
import {
  ensureClean,
  ensureHolds,
  halves,
  meta,
  payload,
  tableOf,
  withWriter,
  writeAll,
  writeRequest,
} from './writing.ts';

const hasRecover = async (subject: SinkSubject) => (await subject.open()).recover !== undefined;

/** Laws on commits: all or nothing, once, whatever happens. */
export const atomicLaws: readonly Law<SinkSubject>[] = [
  {
    id: 'K19',
    title: 'nothing is visible before the commit',
    proves: 'Readers of the destination never see half a table.',
    level: 'must',
    async run(subject) {
      const sink = await subject.open();
      await withWriter(sink, writeRequest(subject), async (writer) => {
        await ensureHolds(subject, undefined, 'after open');
        await writer.write(payload(subject), testContext());
        await ensureHolds(subject, undefined, 'after write');
        const { committed } = await sink.inspect({ options: subject.options }, testContext());
        ensureSame(committed, undefined, 'the meta before the commit');
        await writer.commit(meta('token-1'), testContext());
        await ensureHolds(subject, tableOf(subject).rows, 'after the commit, before close');
      });
    },
  },
  {
    id: 'K20',
    title: 'close without a commit leaves nothing',
    proves: 'A failed step can be run again as if it had never been tried.',
    level: 'must',
    async run(subject) {
      await withWriter(await subject.open(), writeRequest(subject), (writer) =>
        writer.write(payload(subject), testContext()),
      );
      await ensureHolds(subject, undefined, 'after close');
      await ensureClean(subject, 'after close');
    },
  },
  {
    id: 'K21',
    title: 'close without a commit leaves what was there before, with its meta',
    proves: 'A failed publish does not harm the last good one.',
    level: 'must',
    async run(subject) {
      const [first, second] = halves(subject);
      const sink = await subject.open();
      await writeAll(subject, sink, first, { token: 'good' });
      await withWriter(sink, writeRequest(subject, { token: 'bad' }), (writer) =>
        writer.write(payload(subject, second), testContext()),
      );
      await ensureHolds(subject, first, 'after close');
      const { committed } = await sink.inspect({ options: subject.options }, testContext());
      ensureSame(committed, meta('good'), 'the committed meta');
    },
  },
  {
    id: 'K22',
    title: 'a second commit of the same writer with the same token changes nothing',
    proves: 'A commit whose answer was lost may be repeated.',
    level: 'must',
    async run(subject) {
      const { rows } = tableOf(subject);
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await writer.write(payload(subject), testContext());
        await writer.commit(meta('token-1'), testContext());
        await writer.commit(meta('token-1'), testContext());
      });
      await ensureHolds(subject, rows, 'after the second commit');
    },
  },
  {
    id: 'K23',
    title: 'a whole second attempt with the same token, by another instance, changes nothing',
    proves: 'A process that died after its commit and before its record is run again without duplicates.',
    level: 'must',
    async run(subject) {
      const { rows } = tableOf(subject);
      const mode = subject.modes.includes('append') ? ('append' as const) : undefined;
      const more = mode === undefined ? {} : { mode };
      await writeAll(subject, await subject.open(), rows, more);
      await writeAll(subject, await subject.open(), rows, more);
      await ensureHolds(subject, rows, 'after the second attempt');
      await ensureClean(subject, 'after the second attempt');
    },
  },
  {
    id: 'K24',
    title: 'an abort at any batch ends the write within a second with the reason, and leaves nothing',
    proves: 'Ctrl-C and time-outs work, and the destination is as if nothing had been tried.',
    level: 'must',
    async run(subject) {
      const batches = Math.ceil(tableOf(subject).rows.length / 2);
      for (let at = 0; at < batches; at++) {
        const context = testContext();
        const reason = new Error(`enough at batch ${at + 1}`);
        await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
          const stalling = stallAt(payload(subject), at, () => context.abort(reason));
          await ensureCancelled(writer.write(stalling, context), reason, `the write at batch ${at + 1}`);
        });
        await ensureHolds(subject, undefined, `after the abort at batch ${at + 1}`);
        await ensureClean(subject, `after the abort at batch ${at + 1}`);
      }
    },
  },
  {
    id: 'K25',
    title: 'an error of the producer ends the write with that error, and leaves nothing',
    proves: 'A read that fails half-way is never published as if it were whole.',
    level: 'must',
    async run(subject) {
      const broken = new Error('the producer failed');
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        const failing = failAfterFirst(payload(subject), broken);
        const error = await ensureRejects(writer.write(failing, testContext()), 'the write');
        ensure(
          error === broken || (error instanceof Error && error.cause === broken),
          `the write failed with ${String(error)}, which hides the producer's error`,
        );
      });
      await ensureHolds(subject, undefined, 'after the failed write');
      await ensureClean(subject, 'after the failed write');
    },
  },
  {
    id: 'K26',
    title: 'a call whose signal is aborted already writes and commits nothing',
    proves: 'A cancelled run changes nothing any more.',
    level: 'must',
    async run(subject) {
      const reason = new Error('never started');
      const context = testContext();
      context.abort(reason);
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await ensureCancelled(writer.write(payload(subject), context), reason, 'write');
      });
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await writer.write(payload(subject), testContext());
        await ensureCancelled(writer.commit(meta('token-1'), context), reason, 'commit');
      });
      await ensureHolds(subject, undefined, 'after the aborted calls');
    },
  },
  {
    id: 'K27',
    title: 'recover removes what a dead process left, says what it was, and touches no committed data',
    proves: 'After `kill -9` the next run finds a clean destination.',
    level: 'must',
    async run(subject) {
      const [first, second] = halves(subject);
      await writeAll(subject, await subject.open(), first, { token: 'good' });
      // Never closed, as if the process had died here.
      const dead = await (await subject.open()).open(writeRequest(subject, { token: 'dead' }), testContext());
      await dead.write(payload(subject, second), testContext());
      await subject.killWriters?.();
      const left = await subject.leftovers();
      const next = await subject.open();
      const removed = (await next.recover?.({ options: subject.options }, testContext())) ?? [];
      ensure(
        left.length === 0 || removed.length > 0 || !(await hasRecover(subject)),
        `recover does not name ${left.join(', ')}`,
      );
      await ensureClean(subject, 'after recover');
      await ensureHolds(subject, first, 'after recover');
      ensureSame(
        (await next.recover?.({ options: subject.options }, testContext())) ?? [],
        [],
        'what the second recover removed',
      );
    },
  },
  {
    id: 'K28',
    title: 'close may come twice, also after a commit, and ends within a second',
    proves: 'The host can always clean up.',
    level: 'must',
    async run(subject) {
      const writer = await (await subject.open()).open(writeRequest(subject), testContext());
      await writer.write(payload(subject), testContext());
      await writer.commit(meta('token-1'), testContext());
      await within(1_000, writer.close(), 'close');
      await within(1_000, writer.close(), 'the second close');
      await ensureHolds(subject, tableOf(subject).rows, 'after both');
    },
  },
  {
    id: 'K29',
    title: 'a writer that another has overtaken commits nothing, and says VP_COMMIT_SUPERSEDED',
    proves: 'A process that was thought dead and is not cannot put old data over new, or the same twice.',
    level: 'must',
    exempt: ({ fencing }) => (fencing === true ? undefined : 'it has no capability fencing'),
    async run(subject) {
      const [first, second] = halves(subject);
      const sink = await subject.open();
      await withWriter(sink, writeRequest(subject, { token: 'slow', basedOn: null }), async (slow) => {
        await slow.write(payload(subject, second), testContext());
        await writeAll(subject, await subject.open(), first, { token: 'fast', basedOn: null });
        const error = await ensureRejects(slow.commit(meta('slow'), testContext()), 'the overtaken commit');
        const code = isVpError(error) ? error.code : String(error);
        ensureSame(code, 'VP_COMMIT_SUPERSEDED', 'the error of the overtaken commit');
      });
      await ensureHolds(subject, first, 'after the overtaken commit');
      const { committed } = await sink.inspect({ options: subject.options }, testContext());
      ensureSame(committed, meta('fast'), 'the committed meta');
      if (!subject.modes.includes('replace')) return;
      await writeAll(subject, sink, second, { token: 'next', basedOn: 'fast' });
      await ensureHolds(subject, second, 'after a commit that follows the last');
    },
  },
];

type Data = ReturnType<typeof payload>;

/** The payload up to batch `at`; then `reached` is called and nothing comes any more. */
function stallAt(data: Data, at: number, reached: () => void): Data {
  return mapBatches(data, async function* (batches) {
    let index = 0;
    for await (const batch of batches) {
      if (index++ === at) {
        setImmediate(reached);
        await new Promise(() => undefined);
      }
      yield batch;
    }
  });
}

function failAfterFirst(data: Data, error: Error): Data {
  return mapBatches(data, async function* (batches) {
    for await (const batch of batches) {
      yield batch;
      throw error;
    }
  });
}

function mapBatches(data: Data, map: (batches: AsyncIterable<RowBatch>) => AsyncGenerator<RowBatch>): Data {
  ensure(data.carrier === 'rows', 'the kit writes rows');
  return rowsPayload(data.schema, map(data.batches));
}
