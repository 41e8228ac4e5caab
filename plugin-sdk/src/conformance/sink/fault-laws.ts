import { isVpError, type RowBatch, type Sink } from '@vp/contracts';
import { batchesFromRows } from '../../rows/batches-from-rows.ts';
import type { Row } from '../../rows/row.ts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { foreignError } from '../data/foreign-error.ts';
import { abortingAt, momentsTried } from '../data/moments.ts';
import {
  ensure,
  ensureCancelled,
  ensureEnds,
  ensureRejects,
  ensureSame,
  ensureSameCode,
  ensureVpError,
  failingRequests,
  notApplicable,
  within,
} from '../ensure.ts';
import type { Law } from '../law.ts';
import type { SinkSubject } from './subject.ts';
import {
  ensureClean,
  ensureHolds,
  meta,
  payload,
  tableOf,
  withWriter,
  writeAll,
  writeRequest,
} from './writing.ts';

const addsUp = (subject: SinkSubject): { readonly mode?: 'append' } =>
  subject.modes.includes('append') ? { mode: 'append' } : {};

/** Laws on destinations that refuse, fail in the midst, or never answer. */
export const faultLaws: readonly Law<SinkSubject>[] = [
  {
    id: 'K30',
    title: 'wrong credentials: check says no, and a write fails with a VpError that is not retried',
    proves: 'A mistyped password is found by `vp doctor`, and no retry locks the account.',
    level: 'must',
    exempt: (subject) =>
      subject.openDenied ? undefined : 'the subject has no wrong credentials (`openDenied`)',
    async run(subject) {
      const sink = await subject.openDenied?.();
      if (sink === undefined) return;
      const report = await sink.check(testContext());
      ensure(!report.ok, `check says yes: ${report.message}`);
      ensure(report.message.trim() !== '', 'check does not say what is wrong');
      const error = await ensureVpError(writeAll(subject, sink), 'the write with wrong credentials');
      ensure(error.class !== 'transient', `${error.code} is transient: it would be tried again`);
    },
  },
  {
    id: 'K31',
    title: 'the same fault gives the same error code and class, each time and from each instance',
    proves: 'Codes can be looked up, matched in alerts and counted.',
    level: 'must',
    exempt: ({ openBroken, openDenied }) =>
      (openBroken ?? openDenied) ? undefined : 'the subject has no faults to show',
    async run(subject) {
      for (const open of [subject.openBroken, subject.openDenied])
        if (open !== undefined)
          await ensureSameCode(async () => writeAll(subject, await open.call(subject)), 'the write');
    },
  },
  {
    id: 'K32',
    title: 'a request that fails, whichever it is: the write is repeated, and each row is there once',
    proves: 'A connection that drops during a load, or after its commit, neither loses nor doubles anything.',
    level: 'must',
    exempt: (subject) => (subject.openFlaky ? undefined : 'requests of it cannot be made to fail one by one'),
    async run(subject) {
      const before: Row[] = [];
      for (const nth of failingRequests) {
        const sink = await subject.openFlaky?.(nth);
        if (sink === undefined) return;
        const { rows } = tableOf(subject);
        const what = `the write whose request ${nth} failed`;
        await repeat(subject, sink, `token-${nth}`, what);
        before.push(...rows);
        const expected = subject.modes.includes('append') ? before : rows;
        await ensureHolds(subject, expected, what);
      }
    },
  },
  {
    id: 'K33',
    title: 'a write that is aborted at any of its moments, and repeated, leaves each row once',
    proves: 'Exactly once does not depend on when somebody presses Ctrl-C.',
    level: 'must',
    async run(subject) {
      for (const nth of momentsTried) {
        const before = (await subject.readBack()) ?? [];
        const { error, reason, token, moments } = await attemptAt(subject, nth);
        ensure(error === undefined || error === reason, `the abort at moment ${nth} gave ${String(error)}`);
        const what = `after the abort at moment ${nth}, and a second attempt`;
        await repeat(subject, await subject.open(), token, what);
        const { rows } = tableOf(subject);
        await ensureHolds(subject, addsUp(subject).mode === undefined ? rows : [...before, ...rows], what);
        await ensureClean(subject, what);
        if (moments < nth) return;
      }
    },
  },
  {
    id: 'K34',
    title: 'an error of the producer that another copy of the SDK made keeps its code and class',
    proves: 'Plugins may each bring their own copy of the SDK: what is transient is tried again.',
    level: 'must',
    async run(subject) {
      const broken = foreignError('the producer of another copy failed');
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        const { schema, rows } = tableOf(subject);
        async function* batches(): AsyncGenerator<RowBatch> {
          yield* batchesFromRows(rows.slice(0, 1), schema);
          throw broken;
        }
        const error = await ensureRejects(
          writer.write(rowsPayload(schema, batches()), testContext()),
          'the write',
        );
        ensure(isVpError(error), `the write failed with ${String(error)}, which is no VpError`);
        ensureSame([error.code, error.class], [broken.code, broken.class], 'the code and class of the error');
      });
    },
  },
  {
    id: 'K38',
    title: 'a system that never answers keeps no call for longer than its signal: time-outs work',
    proves: 'A hung peer costs its step, and not the run.',
    level: 'must',
    exempt: (subject) => (subject.openSilent ? undefined : 'its system cannot be made silent (`openSilent`)'),
    async run(subject) {
      const sink = await subject.openSilent?.();
      if (sink === undefined) return;
      const context = testContext();
      const reason = new DOMException('too slow', 'TimeoutError');
      setTimeout(() => context.abort(reason), 30);
      const write = async () => {
        const writer = await sink.open(writeRequest(subject), context);
        await writer.write(payload(subject), context);
        await writer.commit(meta('token-1'), context);
      };
      await ensureCancelled(write(), reason, 'a write to a silent system');
      const other = testContext();
      setTimeout(() => other.abort(reason), 30);
      await ensureCancelled(sink.inspect({ options: subject.options }, other), reason, 'inspect');
      await ensureEnds(sink.check(other), 'check');
    },
  },
  {
    id: 'K41',
    title: 'an abort while bytes are awaited ends the write within a second, in each format that streams',
    proves: 'Ctrl-C and time-outs work on the fast paths, too.',
    level: 'must',
    async run(subject) {
      const { formats } = await (await subject.open()).inspect({ options: subject.options }, testContext());
      let tried = 0;
      for (const format of formats) {
        const data = await subject.encoders?.[format]?.(tableOf(subject));
        if (data?.carrier !== 'stream') continue;
        tried++;
        const context = testContext();
        const reason = new Error('enough');
        await withWriter(await subject.open(), writeRequest(subject, { format }), async (writer) => {
          async function* stalling() {
            for await (const chunk of data?.carrier === 'stream' ? data.stream : []) {
              // Whole, since chunks of some formats may not be cut.
              yield chunk;
              break;
            }
            setTimeout(() => context.abort(reason), 20);
            await new Promise(() => undefined);
          }
          const work = writer.write({ ...data, stream: stalling() }, context);
          await ensureCancelled(work, reason, `the write of ${format}`);
        });
        await ensureHolds(subject, undefined, `after the aborted write of ${format}`);
        await ensureClean(subject, `after the aborted write of ${format}`);
      }
      if (tried === 0) notApplicable('it takes no format as a stream from the subject');
    },
  },
];

/** A whole write that is repeated with the same token until it succeeds, as the host repeats a step. */
async function repeat(subject: SinkSubject, sink: Sink, token: string, what: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await writeAll(subject, sink, tableOf(subject).rows, { ...addsUp(subject), token });
      return;
    } catch (error) {
      const { class: kind, code } = await ensureVpError(Promise.reject(error), what);
      ensure(kind === 'transient', `${what}: ${code} is ${kind}, not transient: the step is not tried again`);
      ensure(tries < 3, `${what}: the third attempt fails, too, with ${code}`);
    }
  }
}

/** A whole write with a token of its own, which is aborted at its `nth` moment. */
async function attemptAt(subject: SinkSubject, nth: number) {
  const reason = new Error(`enough at moment ${nth}`);
  const token = `token-${nth}`;
  const { context, moment, end } = abortingAt(nth, reason);
  const attempt = async (): Promise<unknown> => {
    try {
      const sink = await subject.open();
      const writer = await sink.open(writeRequest(subject, { ...addsUp(subject), token }), context);
      try {
        await writer.write(observed(subject, moment), context);
        await writer.commit(meta(token), context);
      } finally {
        await writer.close();
      }
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const error = await within(5_000, attempt(), `the write that was aborted at moment ${nth}`);
  return { error, reason, token, moments: end() };
}

/** The subject's rows in small batches, each of which is a moment. */
function observed(subject: SinkSubject, moment: () => void) {
  const { schema, rows } = tableOf(subject);
  async function* batches(): AsyncGenerator<RowBatch> {
    for await (const batch of batchesFromRows(rows, schema, { batchSize: 2 })) {
      moment();
      yield batch;
    }
  }
  return rowsPayload(schema, batches());
}
