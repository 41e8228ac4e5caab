import { pipeline, publish, sink } from 'vibepiper';
import { airportDelays } from './assets/flights.ts';
import { seattleMonths } from './assets/weather.ts';

export default pipeline({
  assets: [airportDelays, seattleMonths],
  publish: [
    publish(airportDelays, sink('parquet', { path: 'out/airport_delays.parquet' })),
    publish(seattleMonths, sink('csv', { path: 'out/seattle_months.csv' })),
  ],
});
