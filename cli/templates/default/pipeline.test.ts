import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import pipeline, { describeDay } from './pipeline.ts';

test('a day of drizzle counts as rain, and its mean lies between its extremes', () => {
  const weather = { precipitation: 2.5, temp_max: 12, temp_min: 5, wind: 3, weather: 'drizzle' };
  const day = describeDay({ date: 15_340, ...weather });
  assert.deepEqual(day, { date: 15_340, kind: 'rain', mean: 8.5, is_wet: true });
});

test('the pipeline has its assets', () => {
  const names = pipeline.assets.map((asset) => asset.name);
  assert.deepEqual(names, ['weather', 'days', 'weather_kinds']);
});
