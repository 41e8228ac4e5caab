import { asset, check, pipeline, publish, sink, source, sql, t } from 'vibepiper';
import { describeDay } from './describe-day.ts';

/** Seattle, January and February 2012, from the weather station of its airport (NOAA). */
export const weather = asset('weather', {
  source: source('files', { path: 'data/weather.csv' }),
  schema: {
    date: t.date(),
    precipitation: t.float64(),
    temp_max: t.float64(),
    temp_min: t.float64(),
    wind: t.float64(),
    weather: t.text(),
  },
  key: ['date'],
  checks: [
    check.notNull('date', 'weather'),
    check.unique('date'),
    check.compare('temp_min', '<=', 'temp_max'),
    check.between('temp_min', { min: 0 }).warn().describe('Frost is worth a look'),
  ],
});

/** TypeScript, row by row: rename a column of `weather` and this does not compile. */
export const days = asset('days', {
  from: weather,
  schema: { date: t.date(), kind: t.text(), mean: t.float64(), is_wet: t.bool() },
  rows: (row) => ({ date: row.date, ...describeDay(row) }),
});

/** SQL over other assets. */
export const weatherKinds = asset('weather_kinds', {
  sql: sql`
    select ${days.columns.kind}, count(*) as days, round(avg(${days.columns.mean}), 1) as mean
    from ${days}
    group by all
    order by days desc`,
  checks: [check.rowCount({ min: 1 })],
});

export default pipeline({
  assets: [weather, days, weatherKinds],
  publish: [publish(weatherKinds, sink('csv', { path: 'out/weather_kinds.csv' }))],
});
