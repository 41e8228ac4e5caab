import { expect, test } from 'vitest';
import { killAtRandom, seeded } from '../e2e/lib/kill.ts';

test('kill -9 of vp run at 50 random moments: whole snapshots and files, and the next run completes', async () => {
  const seed = Number(process.env.VP_SEED ?? Date.now());
  const report = await killAtRandom({ rows: 100_000, kills: 50, random: seeded(seed) });
  console.log(`seed ${seed}:`, report);
  expect(report.kills).toBe(50);
  // The moments were spread over the run, not all before or after its work.
  expect(report.stepsBefore).toBeGreaterThan(50);
  expect(report.between).toBeGreaterThan(5);
});
