import type { Payload, RowBatch, TableSchema } from '@vp/contracts';
import { valueChecker } from '../../rows/check-value.ts';
import type { Row } from '../../rows/row.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensureSameRows } from '../data/canonical.ts';
import { decode } from '../data/decode.ts';
import { ensure, ensureSame, notApplicable } from '../ensure.ts';
import type { Law } from '../law.ts';
import { readAll, request, theStream, withRead } from './reading.ts';
import type { SourceSubject } from './subject.ts';

/** Laws on the data that a source gives. */
export const dataLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S11',
    title: 'a read gives exactly the rows that are there',
    proves: 'Nothing is lost, doubled or changed on the way in.',
    level: 'must',
    async run(subject) {
      const { rows } = await readAll(subject, await subject.open());
      ensureSameRows({
        schema: subject.schema,
        actual: rows,
        expected: subject.rows,
        ordered: subject.ordered ?? false,
        what: 'the read',
      });
    },
  },
  {
    id: 'S12',
    title: 'every value is a value of its column’s type, NULL only where it is allowed',
    proves: 'int64 keeps its digits, timestamps their unit: drivers that round by default are set right.',
    level: 'must',
    async run(subject) {
      await withRead(await subject.open(), request(subject), async ({ parts }) => {
        for (const part of parts) {
          ensure(part.carrier === 'rows', `rows came by ${part.carrier}`);
          for await (const batch of part.batches) ensureFits(batch, part.schema);
        }
      });
    },
  },
  {
    id: 'S13',
    title: 'every offered format gives the same rows',
    proves: 'The planner may take the fastest path: the data does not depend on it.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      for (const format of (await theStream(subject, source)).formats) {
        const { rows } = await readAll(subject, source, { format });
        ensureSameRows({
          schema: subject.schema,
          actual: rows,
          expected: subject.rows,
          what: `format ${format}`,
        });
      }
    },
  },
  {
    id: 'S14',
    title: 'a read comes in the format that was asked for, with the discovered schema',
    proves: 'A consumer can prepare its table before the first row is there.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const stream = await theStream(subject, source);
      for (const format of stream.formats) {
        await withRead(source, request(subject, { format }), async (read) => {
          const names = (schema: TableSchema) => schema.fields.map(({ name, type }) => ({ name, type }));
          ensureSame(names(read.schema), names(stream.schema), `the schema of the ${format} read`);
          ensureSame(read.bounded, stream.bounded, `bounded of the ${format} read`);
          for (const part of read.parts) {
            ensureSame(part.format, format, 'the format of a part');
            ensureSame(names(part.schema), names(read.schema), 'the schema of a part');
            if (format === 'csv')
              ensure('csv' in part && part.csv !== undefined, 'CSV came without its dialect');
          }
        });
      }
    },
  },
  {
    id: 'S15',
    title: 'asking for some columns gives those, or all; the schema says which, the values are right',
    proves: 'Column pruning saves time and never mixes columns up.',
    level: 'must',
    exempt: (subject) => (subject.schema.fields.length > 1 ? undefined : 'the stream has one column'),
    async run(subject) {
      const source = await subject.open();
      const wanted = subject.schema.fields.map((f) => f.name).toReversed();
      wanted.pop();
      for (const format of (await theStream(subject, source)).formats)
        await withRead(source, request(subject, { format, columns: wanted }), async (read) => {
          const given = read.schema.fields.map((f) => f.name);
          const all = subject.schema.fields.map((f) => f.name);
          const isProjection = given.join('\n') === wanted.join('\n');
          ensure(
            isProjection || given.join('\n') === all.join('\n'),
            `of ${all} the columns ${wanted} were asked for, and ${given} came as ${format}`,
          );
          const expected = subject.rows.map((row) => pick(row, given));
          ensureSameRows({
            schema: read.schema,
            actual: await drain(read.parts, subject),
            expected,
            what: `the projection as ${format}`,
          });
        });
    },
  },
  {
    id: 'S16',
    title: 'the parts of a parallel read are together the whole, each row once',
    proves: 'Reading in parallel is only faster.',
    level: 'must',
    async run(subject) {
      await withRead(
        await subject.open(),
        request(subject, { parallelism: 4 }),
        async ({ parts, schema }) => {
          const rows = await Promise.all(parts.map((part) => decode(part, subject.decoders)));
          ensureSameRows({ schema, actual: rows.flat(), expected: subject.rows, what: 'the parallel read' });
        },
      );
    },
  },
  {
    id: 'S17',
    title: 'splits read by other instances are together the whole, each row once',
    proves: 'Remote workers can share a read.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const splits = await withRead(
        source,
        request(subject, { parallelism: 4 }),
        async (read) => read.splits,
      );
      if (splits === undefined) notApplicable('its reads cannot be split');
      const rows: Row[] = [];
      for (const split of splits) {
        const worker = await subject.open();
        const copy = JSON.parse(JSON.stringify(split));
        rows.push(...(await readAll(subject, worker, { parallelism: 4, split: copy })).rows);
      }
      ensureSameRows({ schema: subject.schema, actual: rows, expected: subject.rows, what: 'all splits' });
    },
  },
  {
    id: 'S18',
    title: 'four reads at the same time each give everything',
    proves: 'An instance serves all steps of a run; nothing is shared that should not be.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const reads = await Promise.all([1, 2, 3, 4].map(() => readAll(subject, source)));
      for (const { rows } of reads)
        ensureSameRows({
          schema: subject.schema,
          actual: rows,
          expected: subject.rows,
          what: 'one of four reads',
        });
    },
  },
  {
    id: 'S19',
    title: 'options and requests are left as they were',
    proves: 'Plans and pipelines are shared by all that read them.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const wanted = deepFreeze(structuredClone(request(subject, { columns: [], parallelism: 2 })));
      await source.discover({ options: wanted.options }, testContext());
      await withRead(source, { ...wanted, columns: subject.schema.fields.map((f) => f.name) }, ({ parts }) =>
        drain(parts, subject),
      );
    },
  },
];

async function drain(parts: readonly Payload[], subject: SourceSubject): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const part of parts) rows.push(...(await decode(part, subject.decoders)));
  return rows;
}

function ensureFits(batch: RowBatch, schema: TableSchema): void {
  ensureSame(batch.columns.length, schema.fields.length, 'the number of columns of a batch');
  for (const [c, field] of schema.fields.entries()) {
    const values = batch.columns[c] ?? [];
    ensureSame(values.length, batch.length, `the length of column ${field.name}`);
    const check = valueChecker(field.type, { nullable: field.nullable });
    for (let r = 0; r < batch.length; r++) {
      const problem = check(values[r]);
      ensure(problem === undefined, `column ${field.name}: ${problem}`);
    }
  }
}

const pick = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
