import { allPartitions, asset, check, monthly, partition, type RowOf, source, sql, t } from 'vibepiper';

/** Three million flights of the first half of 2001 (US Bureau of Transportation Statistics). */
export const flights = asset('flights', {
  description: 'Flights of January to June 2001',
  source: source('files', { path: 'data/flights-3m.parquet' }),
  schema: {
    date: t.timestamp().nullable(),
    delay: t.int64().nullable().describe('Minutes late at arrival; negative is early'),
    distance: t.int64().nullable().describe('Miles'),
    origin: t.text().nullable().describe('IATA code'),
    destination: t.text().nullable().describe('IATA code'),
  },
  checks: [
    check.notNull('date', 'origin', 'destination'),
    check.matches('origin', '[A-Z0-9]{3}'),
    check.rowCount({ min: 1_000_000 }),
    // Some flights of this file land many hours before they were due: look at them, and go on.
    check.between('delay', { min: -120 }).warn().describe('Nobody lands two hours early'),
  ],
});

/** Where the airports are (CSV). */
export const airports = asset('airports', {
  source: source('files', { path: 'data/airports.csv' }),
  schema: {
    iata: t.text().nullable(),
    name: t.text().nullable(),
    city: t.text().nullable(),
    state: t.text().nullable(),
    country: t.text().nullable(),
    latitude: t.float64().nullable(),
    longitude: t.float64().nullable(),
  },
  key: ['iata'],
  checks: [check.notNull('iata'), check.unique('iata'), check.between('latitude', { min: -90, max: 90 })],
});

/** Each month is computed and kept by itself: change one, and the others stay as they are. */
export const dailyFlights = asset('daily_flights', {
  description: 'Flights and delays of each day and airport, month by month',
  partitions: monthly({ start: '2001-01-01', end: '2001-07-01' }),
  schema: {
    day: t.date().nullable(),
    origin: t.text().nullable(),
    flights: t.int64().nullable(),
    mean_delay: t.float64().nullable(),
  },
  sql: sql`
    select cast(${flights.columns.date} as date) as day, ${flights.columns.origin}, count(*) as flights,
           avg(${flights.columns.delay}) as mean_delay
    from ${flights}
    where ${flights.columns.date} >= ${partition.start} and ${flights.columns.date} < ${partition.end}
    group by all`,
  checks: [check.rowCount({ min: 1 })],
});

/** A join of both files. */
export const airportDelays = asset('airport_delays', {
  schema: {
    iata: t.text().nullable(),
    city: t.text().nullable(),
    state: t.text().nullable(),
    flights: t.int64().nullable(),
    mean_delay: t.float64().nullable(),
    late_share: t.float64().nullable(),
  },
  sql: sql`
    select a.iata, a.city, a.state, count(*) as flights, round(avg(f.delay), 2) as mean_delay,
           round(avg((f.delay > 15)::int), 4) as late_share
    from ${flights} f join ${airports} a on f.origin = a.iata
    group by all`,
  checks: [
    check.unique('iata'),
    check.references('iata', { asset: airports, column: 'iata' }),
    check.between('late_share', { min: 0, max: 1 }),
  ],
});

/** What `seattleDays` says of a day. Rename a column of `dailyFlights`, and this does not compile. */
export function gradeDay(day: RowOf<typeof dailyFlights>) {
  if (day.origin !== 'SEA' || day.day === null) return null;
  const delay = day.mean_delay ?? 0;
  return {
    day: day.day,
    flights: day.flights ?? 0n,
    grade: delay < 5 ? 'good' : delay < 15 ? 'fair' : 'poor',
  } as const;
}

/** TypeScript, row by row: `null` drops the row. */
export const seattleDays = asset('seattle_days', {
  from: allPartitions(dailyFlights),
  schema: { day: t.date(), flights: t.int64(), grade: t.enum('good', 'fair', 'poor') },
  rows: gradeDay,
});
