import type { PartitionsSpec } from '@vp/contracts';
import { expect, test } from 'vitest';
import {
  createTestProject,
  pipelineOf,
  publishTo,
  reasonsOf,
  sourceAsset,
  sqlAsset,
  statusesOf,
} from '../../test/support/project.ts';

const monthly: PartitionsSpec = {
  dimensions: [{ kind: 'time', name: 'month', grain: 'month', start: '2001-01-01', end: '2001-04-01' }],
};
const tables = { events: ['2001-01-05', '2001-02-05', '2001-03-05'].map((at, i) => ({ at, n: BigInt(i) })) };
const pipeline = pipelineOf(
  [
    sourceAsset('events'),
    sqlAsset('by_month', ['events'], 'select * from {events} where at >= {start} and at < {end}', {
      partitions: monthly,
    }),
    sqlAsset(
      'rolling',
      [{ asset: 'by_month', as: 'm', partitions: { kind: 'window', from: -1, to: 0 } }],
      'select count(*) as n from {m}',
      { partitions: monthly },
    ),
    sqlAsset('total', ['by_month'], 'select count(*) as n from {by_month}'),
  ],
  [publishTo('by_month', 'one.csv'), publishTo('by_month', 'out/{partition}.csv', { name: 'apart' })],
);

test('partitions are steps; consumers read those that they need', async () => {
  const project = createTestProject({ tables });
  const { run, results } = await project.run(pipeline);
  expect(run.steps).toMatchObject({ succeeded: 12, failed: 0 });
  const rows = (id: string) =>
    project.engine.rows(`select * from "${results.find((r) => r.stepId === id)?.snapshot}"`);
  expect(rows('by_month@month=2001-02')).toEqual([{ at: '2001-02-05', n: 1n }]);
  expect(rows('rolling@month=2001-01')).toEqual([{ n: 1n }]);
  expect(rows('rolling@month=2001-03')).toEqual([{ n: 2n }]);
  expect(rows('total')).toEqual([{ n: 3n }]);
  expect(project.sink.written.get('one.csv')?.rows).toHaveLength(3);
  expect((await project.plan(pipeline)).steps.filter((s) => s.action === 'run')).toEqual([]);
});

test('chosen partitions run alone, and what reads all takes what is there', async () => {
  const project = createTestProject({ tables });
  const summary = await project.run(pipeline, { partitions: ['2001-02'], exclude: ['rolling'] });
  expect(statusesOf(summary)).toEqual({
    events: 'succeeded',
    'by_month@month=2001-02': 'succeeded',
    total: 'succeeded',
    'publish:by_month->one.csv': 'succeeded',
    'publish:apart@month=2001-02': 'succeeded',
  });
  const plan = await project.plan(pipeline, { exclude: ['rolling'] });
  expect(reasonsOf(plan)).toMatchObject({
    'by_month@month=2001-01': 'new',
    'by_month@month=2001-02': 'fresh',
    total: 'upstream',
  });
});

test('a partition whose input partition was never computed is refused with the way to get it', async () => {
  const project = createTestProject({ tables });
  await project.run(pipeline, { select: ['events'] });
  await expect(
    project.plan(pipeline, { select: ['rolling'], partitions: ['2001-02'] }),
  ).rejects.toMatchObject({
    code: 'VP_PLAN_INPUT_MISSING',
    message:
      'rolling@month=2001-02 needs by_month@month=2001-01, which has no data yet and is not part of this plan.',
    hint: 'Select its upstream too: vp run +rolling',
  });
});
