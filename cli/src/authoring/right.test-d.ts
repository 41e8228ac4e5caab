/** Programs that must compile, and the types that must come out of them. */
import {
  type Asset,
  allPartitions,
  asset,
  type ColumnRef,
  check,
  daily,
  monthly,
  partition,
  partitionProduct,
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
import { airports, flights, movies, perDay } from './fixtures.test-d.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

// 1: the row type of an asset comes from its schema
same<
  RowOf<typeof airports>,
  { readonly iata: string; readonly city: string | null; readonly runways: readonly number[] }
>(true);
// 2: and that of columns by themselves
const columns = { id: t.int64(), note: t.text().nullable() };
same<RowOf<typeof columns>, { readonly id: bigint; readonly note: string | null }>(true);
// 3: enums are unions
same<RowOf<typeof flights>['status'], 'landed' | 'cancelled'>(true);
// 4: columns have their names as types
same<typeof flights.columns.delay, ColumnRef<'delay'>>(true);
// 5: a row function gives a row
const late = asset('late', {
  from: flights,
  schema: { id: t.int64(), late: t.bool() },
  rows: (row) => ({ id: row.id, late: (row.delay ?? 0) > 15 }),
});
same<RowOf<typeof late>, { readonly id: bigint; readonly late: boolean }>(true);
// 6: or none
asset('landed', {
  from: flights,
  schema: { id: t.int64() },
  rows: (row) => (row.status === 'landed' ? { id: row.id } : null),
});
// 7: or several
asset('runways', {
  from: airports,
  schema: { iata: t.text(), length: t.int32() },
  rows: (row) => row.runways.map((length) => ({ iata: row.iata, length })),
});
// 8: or sometimes nothing, with statements and the context
asset('logged', {
  from: flights,
  schema: { id: t.int64() },
  rows(row, { logger, signal, partition: key }) {
    if (signal.aborted || key?.date === '2001-01-01') return undefined;
    logger.info('row');
    return [{ id: row.id }];
  },
});
// 9: all columns of the upstream and one more
asset('wider', {
  from: airports,
  schema: { iata: t.text(), city: t.text().nullable(), runways: t.list(t.int32()), size: t.int32() },
  rows: (row) => ({ ...row, size: row.runways.length }),
});
// 10: a nullable column takes null and values
asset('nullable', {
  from: airports,
  schema: { city: t.text().nullable() },
  rows: (row) => ({ city: row.city === '' ? null : row.city }),
});
// 11: an enum takes its values without `as const`
asset('enums', {
  from: flights,
  schema: { size: t.enum('s', 'l') },
  rows: (row) => ({ size: (row.delay ?? 0) > 5 ? 'l' : 's' }),
});
// 12: batches of several inputs
const joined = asset('joined', {
  inputs: { flights, places: airports },
  schema: { id: t.int64(), city: t.text().nullable() },
  async *batches({ flights: batches, places }) {
    const cities = new Map<string, string | null>();
    for await (const rows of places) for (const row of rows) cities.set(row.iata, row.city);
    for await (const rows of batches)
      yield rows.map((row) => ({ id: row.id, city: cities.get(row.origin) ?? null }));
  },
});
same<RowOf<typeof joined>, { readonly id: bigint; readonly city: string | null }>(true);
// 13: batches out of nothing but the context
asset('numbers', {
  inputs: {},
  schema: { n: t.int32() },
  batches: async function* (_, { signal }) {
    for (let n = 0; n < 10 && !signal.aborted; n++) yield [{ n }];
  },
});
// 14: SQL with assets, columns, values and fragments
const filter = sql`${flights.columns.delay} > ${15} and ${flights.columns.at} < ${'2001-01-01'}`;
asset('sql', {
  sql: sql`select ${flights.columns.id}, ${12n}, ${null}, ${true} from ${flights} where ${filter}`,
});
// 15: SQL with a schema that its consumers see
const counts = asset('counts', {
  sql: sql`select origin, count(*) as n from ${flights} group by 1`,
  schema: { origin: t.text(), n: t.int64() },
  key: ['origin'],
});
asset('big', { from: counts, schema: { n: t.int64() }, rows: ({ n }) => ({ n: n * 2n }) });
// 16: partitions in SQL, of several dimensions
asset('windows', {
  sql: sql`select * from ${partitionWindow(perDay, { from: -6, to: 0 })}, ${allPartitions(perDay)}
    where day >= ${partition.of('date').start} and region = ${partition.of('region').key}`,
  partitions: partitionProduct(
    monthly({ start: '2001-01' }),
    staticPartitions(['eu', 'us'], { name: 'region' }),
  ),
});
// 17: some partitions of an input of a row function keep its row type
asset('from_window', {
  from: allPartitions(perDay),
  schema: { n: t.int32() },
  rows: (row) => ({ n: row.flights }),
  partitions: daily({ start: '2001-01-01', end: '2001-02-01', timezone: 'Europe/Paris' }),
});
// 18: every check
asset('checked', {
  source: source('files', { path: 'x' }),
  schema: { id: t.int64(), at: t.timestamp(), delay: t.int32(), name: t.text(), iata: t.text() },
  checks: [
    check.notNull('id', 'at'),
    check.unique('id', 'at'),
    check.notEmpty('name'),
    check.positive('delay'),
    check.acceptedValues('name', ['a', 'b']),
    check.rejectedValues('delay', [0]),
    check.between('delay', { min: -60, exclusive: true }).warn().where('id > 1').tolerance(0.01),
    check.lengthBetween('name', { max: 3 }),
    check.matches('name', /^[a-z]+$/),
    check.notMatches('name', 'x'),
    check.expression('delay < id').named('sane'),
    check.compare('delay', '<', 'id'),
    check.monotonic('id', { by: 'at' }),
    check.references('iata', { asset: airports, column: 'iata' }),
    check.rowCount({ min: 1 }),
    check.distinctCount('name', { max: 10 }),
    check.sumBetween('delay', { min: 0 }),
    check.meanBetween('delay', { min: 0 }),
    check.stddevBetween('delay', { max: 9 }),
    check.nullFraction('name', { max: 0.1 }),
    check.fresh('at', { maxAge: '36h' }).describe('Comes every night'),
    check.noDuplicateRows(),
    check.rule('anomaly', { column: 'delay', options: { sigma: 3 }, validator: 'anomalies' }),
  ],
});
// 19: without a schema any column may be checked
asset('loose', { source: source('files', { path: 'x' }), checks: [check.notNull('whatever')] });
// 20: and rows are looked at before they are used
asset('titles', {
  from: movies,
  schema: { title: t.text() },
  rows: (row) => (typeof row.Title === 'string' ? { title: row.Title } : null),
});
// 21: a task, with and without inputs and facts
asset('report', {
  inputs: { late },
  task: async ({ late: batches }) => {
    let rows = 0;
    for await (const batch of batches) rows += batch.length;
    return { rows };
  },
});
asset('cleanup', { task: async () => {} });
asset('quick', { task: () => undefined });
// 22: publish, with keys of the asset
publish(counts, sink('files', { path: 'out.csv' }));
publish(flights, sink('postgres', { connection: 'shop', table: 'flights' }), { mode: 'merge', key: ['id'] });
// 23: pipelines of assets of any row type
pipeline({
  assets: [flights, late, joined, movies],
  publish: [publish(late, sink('files', { path: 'o.csv' }))],
});
// 24: functions that take any asset, or one with certain columns
const anyName = (one: Asset<unknown>): string => one.name;
anyName(flights);
const withId = (one: Asset<{ readonly id: bigint }>) =>
  asset(`${one.name}_ids`, { from: one, schema: { id: t.int64() }, rows: ({ id }) => ({ id }) });
withId(late);
// 25: columns shared between assets
const shared = { id: t.int64(), at: t.timestamp({ unit: 'ms', tz: 'UTC' }) };
const a = asset('a', { source: source('files', { path: 'a' }), schema: shared });
asset('b', {
  from: a,
  schema: { ...shared, n: t.float64() },
  rows: (row) => ({ ...row, n: Number(row.at) }),
});
// 26: policy
asset('policy', {
  sql: sql`select 1`,
  retries: 3,
  timeout: '5m',
  resource: 'heavy',
  version: '2',
  tags: ['x'],
  owner: 'me',
});
// 27: structs and maps
const nested = asset('nested', {
  source: source('files', { path: 'n' }),
  schema: {
    place: t.struct({ lat: t.float64(), name: t.text().nullable() }),
    tags: t.map(t.text(), t.int32()),
  },
});
asset('lat', { from: nested, schema: { lat: t.float64() }, rows: ({ place }) => ({ lat: place.lat }) });
