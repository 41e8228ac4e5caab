// Shape B: a chain. What is known so far decides which method comes next.
import { chain, check, monthly, partition, pipeline, sink, t } from './prototypes.ts';

export const flights = chain('flights')
  .describe('Departures in the United States, 2001')
  .from('files', { path: 'data/flights.parquet' })
  .schema({
    date: t.timestamp(),
    delay: t.int32(),
    distance: t.int32(),
    origin: t.text(),
    destination: t.text(),
  })
  .check(check.notNull('date', 'origin'))
  .check(check.between('delay', { min: -120, max: 1800 }).warn());

export const airports = chain('airports')
  .from('files', { path: 'data/airports.csv' })
  .schema({ iata: t.text(), name: t.text(), city: t.text().nullable(), state: t.text().nullable() })
  .check(check.unique('iata'));

export const weather = chain('weather')
  .from('files', { path: 'data/weather.csv' })
  .schema({ date: t.date(), precipitation: t.float64(), wind: t.float64(), weather: t.text() });

export const movies = chain('movies').from('files', { path: 'data/movies.json' });

export const monthlyFlights = chain('monthly_flights').partitions(
  monthly({ start: '2001-01-01', end: '2001-04-01' }),
).sql`select * from ${flights}
    where ${flights.columns.date} >= ${partition.start} and ${flights.columns.date} < ${partition.end}`;

export const graded = chain('graded')
  .reads({ flights })
  .schema({ origin: t.text(), delay: t.int32(), grade: t.enum('early', 'on time', 'late') })
  .rows((row) => ({
    origin: row.origin,
    delay: row.delay,
    grade: row.delay < 0 ? 'early' : row.delay > 15 ? 'late' : 'on time',
  }));

export const byAirport = chain('by_airport').sql`
    select ${airports.columns.name}, ${airports.columns.state}, count(*) as flights, avg(delay) as mean_delay
    from ${graded} join ${airports} on ${graded.columns.origin} = ${airports.columns.iata}
    group by all`
  .schema({ name: t.text(), state: t.text().nullable(), flights: t.int64(), mean_delay: t.float64() })
  .check(check.positive('flights'));

export const wetDays = chain('wet_days')
  .sql`select * from ${weather} where ${weather.columns.precipitation} > ${0}`;

export const titles = chain('titles')
  .reads({ movies })
  .schema({ title: t.text() })
  .batches(async function* ({ movies }) {
    for await (const rows of movies) {
      yield rows.flatMap((row) => (typeof row.Title === 'string' ? [{ title: row.Title }] : []));
    }
  });

export const announce = chain('announce')
  .reads({ byAirport })
  .task(async ({ byAirport }) => {
    let airports = 0;
    for await (const rows of byAirport) airports += rows.length;
    return { airports };
  });

export default pipeline(
  monthlyFlights,
  titles,
  announce,
  byAirport.publish(sink('parquet', { path: 'out/by-airport.parquet' })),
  wetDays.publish(sink('csv', { path: 'out/wet-days.csv' })),
);
