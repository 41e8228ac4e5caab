import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { describeDay } from './describe-day.ts';
import pipeline from './pipeline.ts';

test('a day of drizzle counts as rain, and its mean lies between its extremes', () => {
  const day = describeDay({ precipitation: 2.5, temp_max: 12, temp_min: 5, weather: 'drizzle' });
  assert.deepEqual(day, { kind: 'rain', mean: 8.5, is_wet: true });
});

test('every asset has a check or feeds one that has', () => {
  const names = pipeline.assets.map((asset) => asset.name);
  assert.deepEqual(names, ['weather', 'days', 'weather_kinds']);
});
