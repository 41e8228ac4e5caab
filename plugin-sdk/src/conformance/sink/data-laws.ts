import type { Row } from '../../rows/row.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensure, ensureSame } from '../ensure.ts';
import type { Law } from '../law.ts';
import type { SinkSubject } from './subject.ts';
import {
  ensureClean,
  ensureHolds,
  halves,
  merged,
  meta,
  payload,
  rekey,
  tableOf,
  withWriter,
  writeAll,
  writeRequest,
} from './writing.ts';

const needs = (mode: SinkSubject['modes'][number]) => (subject: SinkSubject) =>
  subject.modes.includes(mode) ? undefined : `it cannot ${mode}`;

/** Laws on the data that a sink leaves at its destination. */
export const dataLaws: readonly Law<SinkSubject>[] = [
  {
    id: 'K10',
    title: 'a committed write is there, value by value',
    proves: 'Nothing is lost, doubled, rounded or changed on the way out; NULL and empty text differ.',
    level: 'must',
    async run(subject) {
      const { commit } = await writeAll(subject, await subject.open());
      await ensureHolds(subject, tableOf(subject).rows, 'after the commit');
      ensure(commit.location.trim() !== '', 'the commit gives no location');
      await ensureClean(subject, 'after the commit');
    },
  },
  {
    id: 'K11',
    title: 'write and commit count the rows',
    proves: 'The numbers in the summary are those of the destination.',
    level: 'must',
    async run(subject) {
      const { stats, commit } = await writeAll(subject, await subject.open());
      const { length } = tableOf(subject).rows;
      ensureSame(stats.rows, length, 'the rows of write');
      ensureSame(commit.stats.rows, length, 'the rows of commit');
    },
  },
  {
    id: 'K12',
    title: 'every accepted format leaves the same data',
    proves: 'The planner may take the fastest path: the data does not depend on it.',
    level: 'must',
    async run(subject) {
      const sink = await subject.open();
      const { formats } = await sink.inspect({ options: subject.options }, testContext());
      for (const [i, format] of formats.entries()) {
        const encode = subject.encoders?.[format];
        ensure(
          format === 'rows' || encode !== undefined,
          `it accepts ${format}: give the subject \`encoders: { ${JSON.stringify(format)}: … }\``,
        );
        const data = encode === undefined ? payload(subject) : await encode(tableOf(subject));
        const request = writeRequest(subject, { format, token: `token-${i}` });
        await withWriter(sink, request, async (writer) => {
          await writer.write(data, testContext());
          await writer.commit(meta(request.token), testContext());
        });
        const times = request.mode === 'append' ? i + 1 : 1;
        const expected = Array.from({ length: times }, () => tableOf(subject).rows).flat();
        await ensureHolds(subject, expected, `after a write as ${format}`);
      }
    },
  },
  {
    id: 'K13',
    title: 'replace leaves the new rows and none of the old ones',
    proves: 'A publish of a snapshot is that snapshot.',
    level: 'must',
    exempt: needs('replace'),
    async run(subject) {
      const [first, second] = halves(subject);
      await writeAll(subject, await subject.open(), first, { mode: 'replace', token: 'a' });
      await writeAll(subject, await subject.open(), second, { mode: 'replace', token: 'b' });
      await ensureHolds(subject, second, 'after the second replace');
    },
  },
  {
    id: 'K14',
    title: 'append leaves the old rows and the new ones',
    proves: 'Loads of increments add up.',
    level: 'must',
    exempt: needs('append'),
    async run(subject) {
      const [first, second] = halves(subject);
      await writeAll(subject, await subject.open(), first, { mode: 'append', token: 'a' });
      await writeAll(subject, await subject.open(), second, { mode: 'append', token: 'b' });
      await ensureHolds(subject, [...first, ...second], 'after the second append');
    },
  },
  {
    id: 'K15',
    title: 'merge replaces rows of the same key, adds new ones and keeps the rest',
    proves: 'Upserts leave one row a key, all its columns new, NULLs included.',
    level: 'must',
    exempt: needs('merge'),
    async run(subject) {
      const { rows } = tableOf(subject);
      const [first, second] = halves(subject);
      // NULLs must overwrite too, so the update takes the row that has most of them.
      const nulls = (row: Row) => Object.values(row).filter((value) => value === null).length;
      const [emptiest] = rows.toSorted((a, b) => nulls(b) - nulls(a));
      const [one, added] = [first[0], second[0]];
      ensure(
        one !== undefined && emptiest !== undefined && added !== undefined,
        'the table has too few rows',
      );
      const updates = [rekey(subject, one, emptiest), added];
      await writeAll(subject, await subject.open(), first, { mode: 'merge', token: 'a' });
      await writeAll(subject, await subject.open(), updates, { mode: 'merge', token: 'b' });
      await ensureHolds(subject, merged(subject, first, updates), 'after the merge');
    },
  },
  {
    id: 'K16',
    title: 'a replace by no rows leaves an empty table',
    proves: 'An empty result is a result: yesterday’s rows are not today’s.',
    level: 'must',
    exempt: needs('replace'),
    async run(subject) {
      await writeAll(subject, await subject.open(), tableOf(subject).rows, { mode: 'replace', token: 'a' });
      await writeAll(subject, await subject.open(), [], { mode: 'replace', token: 'b' });
      await ensureHolds(subject, [], 'after the empty replace');
    },
  },
  {
    id: 'K17',
    title: 'parts written at the same time are all there after the commit',
    proves: 'Parallel reads can be written as they come.',
    level: 'must',
    async run(subject) {
      const { rows } = tableOf(subject);
      await withWriter(await subject.open(), writeRequest(subject), async (writer) => {
        await Promise.all(rows.map((row) => writer.write(payload(subject, [row]), testContext())));
        await writer.commit(meta('token-1'), testContext());
      });
      await ensureHolds(subject, rows, 'after the parallel writes');
    },
  },
  {
    id: 'K18',
    title: 'two rounds of write and commit by one writer are both there',
    proves: 'Unbounded streams are written in small commits by one writer that stays open.',
    level: 'must',
    exempt: needs('append'),
    async run(subject) {
      const [first, second] = halves(subject);
      const sink = await subject.open();
      await withWriter(sink, writeRequest(subject, { mode: 'append' }), async (writer) => {
        await writer.write(payload(subject, first), testContext());
        await writer.commit(meta('round-1'), testContext());
        await ensureHolds(subject, first, 'after the first commit');
        await writer.write(payload(subject, second), testContext());
        await ensureHolds(subject, first, 'before the second commit');
        await writer.commit(meta('round-2'), testContext());
      });
      await ensureHolds(subject, [...first, ...second], 'after the second commit');
      const { committed } = await sink.inspect({ options: subject.options }, testContext());
      ensureSame(committed, meta('round-2'), 'the committed meta');
    },
  },
];
