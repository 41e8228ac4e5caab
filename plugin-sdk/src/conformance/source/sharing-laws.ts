import type { RowBatch } from '@vp/contracts';
import { collectRows } from '../../rows/collect-rows.ts';
import type { Row } from '../../rows/row.ts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { canonicalValue, ensureSameRows } from '../data/canonical.ts';
import { decode } from '../data/decode.ts';
import { inOtherZones } from '../data/time-zones.ts';
import { ensure, notApplicable } from '../ensure.ts';
import type { Law } from '../law.ts';
import { notIncremental, readAll, request, stored, theStream } from './reading.ts';
import type { SourceSubject } from './subject.ts';

/** Laws on what must make no difference to the data: others, the machine, hints, the way it came. */
export const sharingLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S32',
    title: 'rows that come later with a cursor equal to the last one are read',
    proves: 'Two orders of the same second are two orders, also when a run came in between.',
    level: 'must',
    exempt: (subject) =>
      notIncremental(subject) ?? (subject.cursor ? undefined : 'the subject names no `cursor`'),
    async run(subject) {
      const { cursor = '', rows, moreRows = [] } = subject;
      const [late] = moreRows;
      const last = rows
        .map((row) => row[cursor] ?? null)
        .reduce((a, b) => (b !== null && (a === null || b > a) ? b : a));
      ensure(late !== undefined && last !== null, `no row has a value in ${cursor}`);
      const { state } = await readAll(subject, await subject.open());
      if (state === undefined) notApplicable('reads of it have no state');
      const tied = { ...late, [cursor]: last };
      await subject.append?.([tied]);
      const later = await readAll(subject, await subject.open(), { state: stored(state) });
      // Rows at the edge may come again: only their loss cannot be mended.
      const found = later.rows.filter((row) => sameRow(subject.schema, row, tied));
      ensure(found.length > 0, `the row with ${cursor} equal to the last one is not read`);
    },
  },
  {
    id: 'S34',
    title: 'reads of two instances, taken in turns, each give everything',
    proves: 'Two assets of one plugin, or two runs of one server, share no position.',
    level: 'must',
    async run(subject) {
      const open = async () => {
        const read = await (await subject.open()).read(request(subject), testContext());
        const rows: Row[] = [];
        const parts = read.parts.map((part) => {
          ensure(part.carrier === 'rows', 'a read in rows did not give rows');
          return part.batches[Symbol.asyncIterator]();
        });
        return { read, rows, parts };
      };
      const reads = [await open(), await open()];
      try {
        for (let left = true; left; ) {
          left = false;
          for (const { read, rows, parts } of reads) {
            const next = await parts[0]?.next();
            if (next === undefined || next.done === true) parts.shift();
            else rows.push(...(await rowsOf(next.value, read.schema)));
            left ||= parts.length > 0;
          }
        }
        for (const { rows } of reads)
          ensureSameRows({
            schema: subject.schema,
            actual: rows,
            expected: subject.rows,
            what: 'one of two reads in turns',
          });
      } finally {
        for (const { read } of reads) await read.close();
      }
    },
  },
  {
    id: 'S38',
    title: 'the time zone of the machine makes no difference, in any format',
    proves: 'What is right in CI, on UTC, is right on a laptop in New York.',
    level: 'must',
    async run(subject) {
      const { formats } = await theStream(subject, await subject.open());
      await inOtherZones(async (zone) => {
        for (const format of formats) {
          const { rows } = await readAll(subject, await subject.open(), { format });
          const what = `the read in ${zone} as ${format}`;
          ensureSameRows({ schema: subject.schema, actual: rows, expected: subject.rows, what });
        }
      });
    },
  },
  {
    id: 'S40',
    title: 'declared columns of the types that it has anyway change nothing',
    proves: 'Giving an asset its schema is safe.',
    level: 'must',
    async run(subject) {
      const { rows } = await readAll(subject, await subject.open(), { schema: subject.schema });
      ensureSameRows({
        schema: subject.schema,
        actual: rows,
        expected: subject.rows,
        what: 'the read with a schema',
      });
    },
  },
  {
    id: 'S41',
    title: 'a parallel read from a state gives what was added since, and nothing else',
    proves: 'Every part, and every worker, knows where the last run ended.',
    level: 'must',
    exempt: notIncremental,
    async run(subject) {
      const { state } = await readAll(subject, await subject.open());
      if (state === undefined) notApplicable('reads of it have no state');
      await subject.append?.(subject.moreRows ?? []);
      const read = await (await subject.open()).read(
        request(subject, { state: stored(state), parallelism: 4 }),
        testContext(),
      );
      try {
        const rows = (await Promise.all(read.parts.map((part) => decode(part, subject.decoders)))).flat();
        const what = 'the parallel read from a state';
        ensureSameRows({ schema: subject.schema, actual: rows, expected: subject.moreRows ?? [], what });
      } finally {
        await read.close();
      }
    },
  },
];

const sameRow = (schema: SourceSubject['schema'], a: Row, b: Row): boolean =>
  schema.fields.every(({ name, type }) => canonicalValue(type, a[name]) === canonicalValue(type, b[name]));

async function rowsOf(batch: RowBatch, schema: SourceSubject['schema']): Promise<readonly Row[]> {
  async function* only(): AsyncGenerator<RowBatch> {
    yield batch;
  }
  return collectRows(rowsPayload(schema, only()));
}
