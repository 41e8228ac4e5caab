import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { dates } from 'vibepiper';
import { runAsset } from 'vibepiper/testing';
import { seattleDays } from './assets/flights.ts';

test('only days of Seattle are graded', async () => {
  const day = dates.fromISO('2001-01-01');
  const rows = await runAsset(seattleDays, {
    inputs: {
      daily_flights: [
        { day, origin: 'SEA', flights: 3n, mean_delay: 20 },
        { day, origin: 'LAX', flights: 9n, mean_delay: 1 },
      ],
    },
  });
  assert.deepEqual(rows, [{ day, flights: 3n, grade: 'poor' }]);
});
