// Shape C: a function for each way to compute; what it computes from comes first.
import {
  batches,
  check,
  monthly,
  partition,
  pipeline,
  query,
  read,
  rows,
  sink,
  t,
  task,
  write,
} from './prototypes.ts';

export const flights = read(
  'flights',
  'files',
  { path: 'data/flights.parquet' },
  {
    description: 'Departures in the United States, 2001',
    schema: {
      date: t.timestamp(),
      delay: t.int32(),
      distance: t.int32(),
      origin: t.text(),
      destination: t.text(),
    },
    checks: [check.notNull('date', 'origin'), check.between('delay', { min: -120, max: 1800 }).warn()],
  },
);

export const airports = read(
  'airports',
  'files',
  { path: 'data/airports.csv' },
  {
    schema: { iata: t.text(), name: t.text(), city: t.text().nullable(), state: t.text().nullable() },
    checks: [check.unique('iata')],
  },
);

export const weather = read(
  'weather',
  'files',
  { path: 'data/weather.csv' },
  {
    schema: { date: t.date(), precipitation: t.float64(), wind: t.float64(), weather: t.text() },
  },
);

export const movies = read('movies', 'files', { path: 'data/movies.json' });

export const monthlyFlights = query('monthly_flights', {
  partitions: monthly({ start: '2001-01-01', end: '2001-04-01' }),
})`
  select * from ${flights}
  where ${flights.columns.date} >= ${partition.start} and ${flights.columns.date} < ${partition.end}`;

export const graded = rows(
  'graded',
  flights,
  {
    schema: { origin: t.text(), delay: t.int32(), grade: t.enum('early', 'on time', 'late') },
  },
  (row) => ({
    origin: row.origin,
    delay: row.delay,
    grade: row.delay < 0 ? 'early' : row.delay > 15 ? 'late' : 'on time',
  }),
);

export const byAirport = query('by_airport', {
  schema: { name: t.text(), state: t.text().nullable(), flights: t.int64(), mean_delay: t.float64() },
  checks: [check.positive('flights')],
})`
  select ${airports.columns.name}, ${airports.columns.state}, count(*) as flights, avg(delay) as mean_delay
  from ${graded} join ${airports} on ${graded.columns.origin} = ${airports.columns.iata}
  group by all`;

export const wetDays = query(
  'wet_days',
)`select * from ${weather} where ${weather.columns.precipitation} > ${0}`;

export const titles = batches(
  'titles',
  { movies },
  { schema: { title: t.text() } },
  async function* ({ movies }) {
    for await (const rows of movies) {
      yield rows.flatMap((row) => (typeof row.Title === 'string' ? [{ title: row.Title }] : []));
    }
  },
);

export const announce = task('announce', { byAirport }, async ({ byAirport }) => {
  let airports = 0;
  for await (const rows of byAirport) airports += rows.length;
  return { airports };
});

export default pipeline(
  monthlyFlights,
  titles,
  announce,
  write(byAirport, sink('parquet', { path: 'out/by-airport.parquet' })),
  write(wetDays, sink('csv', { path: 'out/wet-days.csv' })),
);
