import type { RowBatch, Value } from '@vp/contracts';
import { batchesFromRows } from '../../rows/batches-from-rows.ts';
import type { Row } from '../../rows/row.ts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { inOtherZones } from '../data/time-zones.ts';
import { ensureCancelled, notApplicable } from '../ensure.ts';
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

/** Laws on what must make no difference to the data: others, the machine, how it is cut. */
export const sharingLaws: readonly Law<SinkSubject>[] = [
  {
    id: 'K35',
    title: 'a batch is not used after the next one was asked for',
    proves: 'Engines can hand out their own buffers, without a copy for each batch.',
    level: 'must',
    async run(subject) {
      const { schema, rows } = tableOf(subject);
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await writer.write(rowsPayload(schema, reusing(subject)), testContext());
        await writer.commit(meta('token-1'), testContext());
      });
      await ensureHolds(subject, rows, 'after a write with reused arrays');
    },
  },
  {
    id: 'K36',
    title: 'a load of some thousand rows is there to the last one, however it is cut into batches',
    proves: 'What fills a buffer, an upload or a statement is sent, and so is the rest.',
    level: 'must',
    async run(subject) {
      const { schema, rows } = tableOf(subject);
      const [key] = schema.fields;
      if (key?.type.kind !== 'int64') notApplicable('the first column of its table is no int64');
      const [like] = rows;
      const many = Array.from({ length: 5_003 }, (_, i): Row => ({ ...like, [key.name]: BigInt(i) }));
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await writer.write(
          rowsPayload(schema, batchesFromRows(many.slice(0, 4_000), schema, { batchSize: 999 })),
          testContext(),
        );
        await writer.write(rowsPayload(schema, batchesFromRows(many.slice(4_000), schema)), testContext());
        await writer.commit(meta('token-1'), testContext());
      });
      await ensureHolds(subject, many, 'after the load');
    },
  },
  {
    id: 'K37',
    title: 'two instances that append at the same time do not mix, and what one gives up harms no other',
    proves: 'Two partitions, or two runs, may write to one table.',
    level: 'must',
    exempt: (subject) => (subject.modes.includes('append') ? undefined : 'it cannot append'),
    async run(subject) {
      const [first, second] = halves(subject);
      const open = async (token: string) =>
        (await subject.open()).open(writeRequest(subject, { mode: 'append', token }), testContext());
      const [a, b, c] = [await open('a'), await open('b'), await open('c')];
      await Promise.all([
        a.write(payload(subject, first), testContext()),
        b.write(payload(subject, second), testContext()),
        c.write(payload(subject), testContext()),
      ]);
      await c.close();
      await a.commit(meta('a'), testContext());
      await ensureHolds(subject, first, 'after the first commit');
      await a.close();
      await b.commit(meta('b'), testContext());
      await b.close();
      await ensureHolds(subject, [...first, ...second], 'after both commits');
      await ensureClean(subject, 'after both commits');
    },
  },
  {
    id: 'K39',
    title: 'the time zone of the machine makes no difference',
    proves: 'What is right in CI, on UTC, is right on a laptop in New York.',
    level: 'must',
    async run(subject) {
      const { rows } = tableOf(subject);
      const before: Row[] = [];
      await inOtherZones(async (zone) => {
        await writeAll(subject, await subject.open(), rows, { token: zone });
        before.push(...rows);
        const mode = writeRequest(subject).mode;
        await ensureHolds(subject, mode === 'append' ? before : rows, `after a write in ${zone}`);
      });
    },
  },
  {
    id: 'K40',
    title: 'open and inspect whose signal is aborted already do nothing but reject with the reason',
    proves: 'A cancelled run touches nothing any more.',
    level: 'must',
    async run(subject) {
      const reason = new Error('never started');
      const context = testContext();
      context.abort(reason);
      const sink = await subject.open();
      await ensureCancelled(sink.inspect({ options: subject.options }, context), reason, 'inspect');
      await ensureCancelled(sink.open(writeRequest(subject), context), reason, 'open');
      await ensureHolds(subject, undefined, 'after the aborted calls');
      await ensureClean(subject, 'after the aborted calls');
    },
  },
];

/** The subject's rows one by one, in arrays that are overwritten each time. */
async function* reusing(subject: SinkSubject): AsyncGenerator<RowBatch> {
  const { schema, rows } = tableOf(subject);
  const columns = schema.fields.map((): Value[] => []);
  for (const row of rows as readonly Row[]) {
    for (const [c, { name }] of schema.fields.entries()) columns[c]?.splice(0, 1, row[name] ?? null);
    yield { length: 1, columns };
  }
  for (const column of columns) column.fill(null);
}
