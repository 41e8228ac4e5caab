import { asset, check, source, sql, t } from 'vibepiper';
import { seattleDays } from './flights.ts';

/** Seattle's weather, 2012 to 2015 (NOAA). */
export const weather = asset('weather', {
  source: source('files', { path: 'data/seattle-weather.csv' }),
  schema: {
    date: t.date().nullable(),
    precipitation: t.float64().nullable(),
    temp_max: t.float64().nullable(),
    temp_min: t.float64().nullable(),
    wind: t.float64().nullable(),
    weather: t.text().nullable(),
  },
  checks: [check.unique('date'), check.compare('temp_min', '<=', 'temp_max')],
});

/** How flights leave Seattle in the months of the year, and how wet these months are. */
export const seattleMonths = asset('seattle_months', {
  sql: sql`
    with normal as (
      select month(date) as month, round(avg(precipitation), 2) as mean_precipitation from ${weather} group by all)
    select month(day) as month, sum(flights)::bigint as flights, any_value(mean_precipitation) as mean_precipitation,
           round(avg((grade = 'poor')::int), 3) as poor_days
    from ${seattleDays} join normal on normal.month = month(day)
    group by all order by month`,
  checks: [check.rowCount({ min: 6, max: 6 })],
});
