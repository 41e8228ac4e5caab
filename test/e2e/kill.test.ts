import { expect, test } from 'vitest';
import { killAtRandom, seeded } from './lib/kill.ts';

// The long suite does it 50 times on more data: npm run test:long
test('kill -9 of vp run at random moments: whole snapshots and files, and the next run completes', {
  timeout: 120_000,
}, async () => {
  const report = await killAtRandom({ rows: 20_000, kills: 6, random: seeded(Date.now()) });
  expect(report.kills).toBe(6);
});
