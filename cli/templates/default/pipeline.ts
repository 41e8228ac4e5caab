import { asset, check, pipeline, publish, type RowOf, sink, source, sql, t } from 'vibepiper';

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

/** What `days` says about a day. Rename a column of `weather`, and this does not compile. */
export function describeDay(day: RowOf<typeof weather>) {
  return {
    date: day.date,
    kind: day.weather === 'drizzle' ? 'rain' : day.weather,
    mean: Math.round((day.temp_max + day.temp_min) * 5) / 10,
    is_wet: day.precipitation > 0,
  };
}

/** TypeScript, row by row. */
export const days = asset('days', {
  from: weather,
  schema: { date: t.date(), kind: t.text(), mean: t.float64(), is_wet: t.bool() },
  rows: describeDay,
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
