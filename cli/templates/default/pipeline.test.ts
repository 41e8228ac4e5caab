import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { runAsset } from 'vibepiper/testing';
import { describeDay, weatherKinds } from './pipeline.ts';

test('a day of drizzle counts as rain, and its mean lies between its extremes', () => {
  const weather = { precipitation: 2.5, temp_max: 12, temp_min: 5, wind: 3, weather: 'drizzle' };
  const day = describeDay({ date: 15_340, ...weather });
  assert.deepEqual(day, { date: 15_340, kind: 'rain', mean: 8.5, is_wet: true });
});

test('days of the same kind are counted together, the most frequent kind first', async () => {
  const day = { date: 15_340, kind: 'rain', mean: 8, is_wet: true };
  const days = [{ ...day, kind: 'snow', mean: -1 }, day, { ...day, mean: 9 }];
  // The real engine runs the SQL on these rows.
  const rows = await runAsset(weatherKinds, { inputs: { days } });
  assert.deepEqual(rows, [
    { kind: 'rain', days: 2n, mean: 8.5 },
    { kind: 'snow', days: 1n, mean: -1 },
  ]);
});
