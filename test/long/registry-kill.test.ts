import { expect, test } from 'vitest';
import { killInMidPublish } from '../../registry/test/lib/kill-publish.ts';
import { testRegistry } from '../../registry/test/lib/registry.ts';

test('a registry that is killed at 30 points of a publish lists whole versions only', async () => {
  await using registry = await testRegistry();
  const { dataDir, token } = registry;
  await registry.running.stop();
  const cuts = await killInMidPublish({ dataDir, token, points: 30 });
  expect(cuts.flatMap(({ wrong }) => wrong)).toEqual([]);
  const listed = cuts.filter((each) => each.listed).length;
  console.log(
    `killed at ${cuts.length} points: ${listed} versions were published, ${cuts.length - listed} were not`,
  );
  expect(cuts).toHaveLength(30);
  // Points on both sides of the moment that counts.
  expect(listed).toBeGreaterThan(0);
  expect(listed).toBeLessThan(30);
}, 300_000);
