import { asset, check, daily, source, t } from '../index.ts';

export const flights = asset('flights', {
  source: source('files', { path: 'flights.parquet' }),
  schema: {
    id: t.int64(),
    at: t.timestamp(),
    origin: t.text(),
    delay: t.int32().nullable(),
    status: t.enum('landed', 'cancelled'),
  },
  key: ['id'],
  checks: [check.unique('id')],
});

export const airports = asset('airports', {
  source: source('files', { path: 'airports.csv' }),
  schema: { iata: t.text(), city: t.text().nullable(), runways: t.list(t.int32()) },
});

export const perDay = asset('per_day', {
  source: source('files', { path: 'days.csv' }),
  schema: { day: t.date(), flights: t.int32() },
  partitions: daily({ start: '2001-01-01' }),
});

/** No schema: nothing is known of its columns. */
export const movies = asset('movies', { source: source('files', { path: 'movies.json' }) });
