import type { Json, RowBatch, SourceRead } from '@vp/contracts';
import { collectRows } from '../../rows/collect-rows.ts';
import type { Row } from '../../rows/row.ts';
import { rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensureSameRows } from '../data/canonical.ts';
import { ensure, ensureSame, notApplicable } from '../ensure.ts';
import type { Law } from '../law.ts';
import { notIncremental, readAll, request, stored, withRead } from './reading.ts';
import type { SourceSubject } from './subject.ts';

/** Laws on incremental reads: a state is the truth about what has been read. */
export const stateLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S20',
    title: 'a read from a state gives what was added since, and nothing else',
    proves: 'Incremental loads lose nothing and repeat nothing.',
    level: 'must',
    exempt: notIncremental,
    async run(subject) {
      const { state } = await readAll(subject, await subject.open());
      if (state === undefined) notApplicable('reads of it have no state');
      await subject.append?.(subject.moreRows ?? []);
      const later = await readAll(subject, await subject.open(), { state: stored(state) });
      ensureSameRows({
        schema: subject.schema,
        actual: later.rows,
        expected: subject.moreRows ?? [],
        what: 'the read from a state',
      });
    },
  },
  {
    id: 'S21',
    title: 'a state survives the trip through JSON',
    proves: 'The state lies in the destination, as JSON, between two runs.',
    level: 'must',
    exempt: notIncremental,
    async run(subject) {
      const { state } = await readAll(subject, await subject.open());
      if (state === undefined) notApplicable('reads of it have no state');
      ensureSame(stored(state), state, 'the state after JSON');
    },
  },
  {
    id: 'S22',
    title: 'a read that finds nothing new keeps the position',
    proves: 'A quiet day does not make the next run read everything again.',
    level: 'must',
    exempt: notIncremental,
    async run(subject) {
      const first = await readAll(subject, await subject.open());
      if (first.state === undefined) notApplicable('reads of it have no state');
      const quiet = await readAll(subject, await subject.open(), { state: stored(first.state) });
      ensureSame(quiet.rows.length, 0, 'the number of new rows');
      await subject.append?.(subject.moreRows ?? []);
      const later = await readAll(subject, await subject.open(), { state: stored(quiet.state) });
      ensureSameRows({
        schema: subject.schema,
        actual: later.rows,
        expected: subject.moreRows ?? [],
        what: 'the read after the quiet one',
      });
    },
  },
  {
    id: 'S23',
    title: 'a read from the state of a batch, of each batch, gives what comes after it',
    proves: 'Whoever stops at any commit goes on there: nothing is lost and nothing comes twice.',
    level: 'must',
    async run(subject) {
      const seen = await withRead(await subject.open(), request(subject), batchesWithStates);
      if (seen.length === 0) notApplicable('its batches have no state');
      // Every one of a small stream, and some of a long one.
      const every = Math.ceil(seen.length / 32);
      for (const [i, { rows, state }] of seen.entries()) {
        if (i % every !== 0) continue;
        const rest = await readAll(subject, await subject.open(), { state });
        ensureSameRows({
          schema: subject.schema,
          actual: [...rows, ...rest.rows],
          expected: subject.rows,
          what: `the read up to batch ${i + 1} and the one from its state`,
        });
      }
    },
  },
  {
    id: 'S24',
    title: 'a read without a state starts from the beginning, whatever was read before',
    proves: '`vp run --force` reads everything; a source keeps no position of its own.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const first = await readAll(subject, source);
      if (first.state !== undefined) await readAll(subject, source, { state: stored(first.state) });
      const again = await readAll(subject, source);
      ensureSameRows({
        schema: subject.schema,
        actual: again.rows,
        expected: subject.rows,
        what: 'the second full read',
      });
    },
  },
  {
    id: 'S25',
    title: 'acknowledge may be repeated, and loses no rows for a read from the same state',
    proves: 'A crash between commit and acknowledge does no harm, and neither does one after it.',
    level: 'must',
    exempt: notIncremental,
    async run(subject) {
      const source = await subject.open();
      const { state } = await readAll(subject, source);
      if (state === undefined || source.acknowledge === undefined) notApplicable('it has no acknowledge');
      const entry = { options: subject.options, state: stored(state) };
      await source.acknowledge(entry, testContext());
      await source.acknowledge(entry, testContext());
      await subject.append?.(subject.moreRows ?? []);
      const later = await readAll(subject, await subject.open(), { state: stored(state) });
      ensureSameRows({
        schema: subject.schema,
        actual: later.rows,
        expected: subject.moreRows ?? [],
        what: 'the read after acknowledge',
      });
    },
  },
];

/** What was read up to each batch, with the batch's state. */
async function batchesWithStates({ parts, schema }: SourceRead) {
  const seen: { readonly rows: readonly Row[]; readonly state: Json }[] = [];
  const [part] = parts;
  ensure(part?.carrier === 'rows', 'a read of one part in rows did not give one');
  const rows: Row[] = [];
  for await (const batch of part.batches) {
    rows.push(...(await collectRows(rowsPayload(schema, only(batch)))));
    if (batch.state !== undefined) seen.push({ rows: [...rows], state: stored(batch.state) });
  }
  return seen;
}

async function* only(batch: RowBatch): AsyncGenerator<RowBatch> {
  yield batch;
}
