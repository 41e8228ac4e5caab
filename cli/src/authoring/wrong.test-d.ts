/** Programs that must not compile, each with the line of its mistake. The compiler checks that they fail. */
import {
  asset,
  check,
  daily,
  partition,
  partitionWindow,
  pipeline,
  publish,
  type RowOf,
  sink,
  source,
  sql,
  staticPartitions,
  t,
} from '../index.ts';
import { airports, flights, movies } from './fixtures.test-d.ts';

const files = source('files', { path: 'x' });
const id = { id: t.int64() };

// 1: a column that the upstream does not have (renamed there)
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: (row) => ({ id: row.flight_id }) });
// 2: a column of another type (retyped upstream)
// @ts-expect-error
asset('x', { from: flights, schema: { id: t.int32() }, rows: (row) => ({ id: row.id }) });
// 3: a column that may be null where it may not
// @ts-expect-error
asset('x', { from: flights, schema: { delay: t.int32() }, rows: (row) => ({ delay: row.delay }) });
// 4: a missing column
// @ts-expect-error
asset('x', { from: flights, schema: { id: t.int64(), late: t.bool() }, rows: (row) => ({ id: row.id }) });
// 5: a column too many
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: (row) => ({ id: row.id, origin: row.origin }) });
// 6: columns too many, spread
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: (row) => ({ ...row }) });
// 7: a column too many in an array
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: (row) => [{ id: row.id, more: 1 }] });
// 8: no row at all
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: () => 'row' });
// 9: a promise of a row
// @ts-expect-error
asset('x', { from: flights, schema: id, rows: async (row) => ({ id: row.id }) });
// 10: a value that the enum does not have
// @ts-expect-error
asset('x', { from: flights, schema: { s: t.enum('a') }, rows: (row) => ({ s: row.status }) });
// 11: rows without schema
// @ts-expect-error
asset('x', { from: flights, rows: (row) => ({ id: row.id }) });
// 12: rows without from
// @ts-expect-error
asset('x', { schema: id, rows: () => ({ id: 1n }) });
// 13: a batch of rows of another type
asset('x', {
  inputs: { flights },
  schema: id,
  // @ts-expect-error
  batches: async function* () {
    yield [{ id: 'a' }];
  },
});
// 14: a batch with a column too many
asset('x', {
  inputs: { flights },
  schema: id,
  // @ts-expect-error
  batches: async function* () {
    yield [{ id: 1n, more: 1 }];
  },
});
// 15: an input that is not there
asset('x', {
  inputs: { flights },
  schema: id,
  // @ts-expect-error
  batches: async function* ({ airports: _ }) {
    yield [{ id: 1n }];
  },
});
// 16: a column of an input that is not there
asset('x', {
  inputs: { flights },
  schema: id,
  batches: async function* ({ flights: batches }) {
    // @ts-expect-error
    for await (const batch of batches) yield batch.map((row) => ({ id: row.nr }));
  },
});
// 17: a check on a column that the schema does not have
// @ts-expect-error
asset('x', { source: files, schema: id, checks: [check.notNull('di')] });
// 18: the second column of a check
// @ts-expect-error
asset('x', { source: files, schema: id, checks: [check.unique('id', 'at')] });
// 19: the other column of a comparison
// @ts-expect-error
asset('x', { source: files, schema: id, checks: [check.compare('id', '<', 'max_id')] });
// 20: a column of the asset that a foreign key refers to
// @ts-expect-error
check.references('id', { asset: airports, column: 'code' });
// 21: a rule that does not exist
// @ts-expect-error
check.notNul('id');
// 22: an option that a rule does not have
// @ts-expect-error
check.between('id', { mim: 1 });
// 23: a column in SQL that is not there (renamed upstream)
// @ts-expect-error
asset('x', { sql: sql`select ${flights.columns.dely} from ${flights}` });
// 24: columns of an asset without a schema
// @ts-expect-error
asset('x', { sql: sql`select ${movies.columns.title} from ${movies}` });
// 25: something in SQL that cannot stand there
// @ts-expect-error
sql`select ${new Date()}`;
// 26: two ways to compute
// @ts-expect-error
asset('x', { source: files, sql: sql`select 1` });
// 27: no way to compute
// @ts-expect-error
asset('x', { schema: id });
// 28: a misspelt option
// @ts-expect-error
asset('x', { source: files, shcema: id });
// 29: a key that is no column
// @ts-expect-error
asset('x', { source: files, schema: id, key: ['nr'] });
// 30: a task with a schema
// @ts-expect-error
asset('x', { task: async () => undefined, schema: id });
// 31: a task whose facts are no JSON
// @ts-expect-error
asset('x', { task: () => ({ at: new Date() }) });
// 32: a schema that is not made of columns
// @ts-expect-error
asset('x', { source: files, schema: { id: 'int64' } });
// 33: an id instead of source()
// @ts-expect-error
asset('x', { source: 'files' });
// 34: publish of a name instead of an asset
// @ts-expect-error
publish('flights', sink('files', { path: 'x' }));
// 35: publish to a source
// @ts-expect-error
publish(flights, files);
// 36: a key of a publish that is no column
// @ts-expect-error
publish(flights, sink('files', { path: 'x' }), { mode: 'merge', key: ['nr'] });
// 37: a mode that does not exist
// @ts-expect-error
publish(flights, sink('files', { path: 'x' }), { mode: 'upsert' });
// 38: a pipeline of names
// @ts-expect-error
pipeline({ assets: ['flights'] });
// 39: partitions without a start
// @ts-expect-error
daily({ end: '2001-01-01' });
// 40: partitions that are no texts
// @ts-expect-error
staticPartitions([1, 2]);
// 41: a bound of the partition that does not exist
// @ts-expect-error
sql`select ${partition.stop}`;
// 42: a window with half an end
// @ts-expect-error
partitionWindow(flights, { from: -6 });
// 43: a row literal that the row type does not have
// @ts-expect-error
export const row: RowOf<typeof airports> = { iata: 'JFK', city: null };
// 44: writing to a row
asset('x', {
  from: flights,
  schema: id,
  rows: (row) => {
    // @ts-expect-error
    row.id = 1n;
    return { id: row.id };
  },
});
