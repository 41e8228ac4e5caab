// Shape A: one function, one object; the way to compute is a key. Chosen.
import { asset, check, monthly, partition, pipeline, publish, sink, source, sql, t } from 'vibepiper';

export const flights = asset('flights', {
  description: 'Departures in the United States, 2001',
  source: source('files', { path: 'data/flights.parquet' }),
  schema: {
    date: t.timestamp(),
    delay: t.int32(),
    distance: t.int32(),
    origin: t.text(),
    destination: t.text(),
  },
  checks: [check.notNull('date', 'origin'), check.between('delay', { min: -120, max: 1800 }).warn()],
});

export const airports = asset('airports', {
  source: source('files', { path: 'data/airports.csv' }),
  schema: { iata: t.text(), name: t.text(), city: t.text().nullable(), state: t.text().nullable() },
  checks: [check.unique('iata')],
});

export const weather = asset('weather', {
  source: source('files', { path: 'data/weather.csv' }),
  schema: { date: t.date(), precipitation: t.float64(), wind: t.float64(), weather: t.text() },
});

export const movies = asset('movies', { source: source('files', { path: 'data/movies.json' }) });

export const monthlyFlights = asset('monthly_flights', {
  partitions: monthly({ start: '2001-01-01', end: '2001-04-01' }),
  sql: sql`
    select * from ${flights}
    where ${flights.columns.date} >= ${partition.start} and ${flights.columns.date} < ${partition.end}`,
});

export const graded = asset('graded', {
  from: flights,
  schema: { origin: t.text(), delay: t.int32(), grade: t.enum('early', 'on time', 'late') },
  rows: (row) => ({
    origin: row.origin,
    delay: row.delay,
    grade: row.delay < 0 ? 'early' : row.delay > 15 ? 'late' : 'on time',
  }),
});

export const byAirport = asset('by_airport', {
  sql: sql`
    select ${airports.columns.name}, ${airports.columns.state}, count(*) as flights, avg(delay) as mean_delay
    from ${graded} join ${airports} on ${graded.columns.origin} = ${airports.columns.iata}
    group by all`,
  schema: { name: t.text(), state: t.text().nullable(), flights: t.int64(), mean_delay: t.float64() },
  checks: [check.positive('flights')],
});

export const wetDays = asset('wet_days', {
  sql: sql`select * from ${weather} where ${weather.columns.precipitation} > ${0}`,
});

export const titles = asset('titles', {
  inputs: { movies },
  schema: { title: t.text() },
  async *batches({ movies }) {
    for await (const rows of movies) {
      yield rows.flatMap((row) => (typeof row.Title === 'string' ? [{ title: row.Title }] : []));
    }
  },
});

export const announce = asset('announce', {
  inputs: { byAirport },
  task: async ({ byAirport }) => {
    let airports = 0;
    for await (const rows of byAirport) airports += rows.length;
    return { airports };
  },
});

export default pipeline({
  assets: [monthlyFlights, wetDays, titles, announce],
  publish: [
    publish(byAirport, sink('parquet', { path: 'out/by-airport.parquet' })),
    publish(wetDays, sink('csv', { path: 'out/wet-days.csv' })),
  ],
});
