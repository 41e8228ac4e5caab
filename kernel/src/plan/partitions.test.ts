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

const same = [
  ...pipeline.assets.slice(0, 2),
  sqlAsset('copy', ['by_month'], 'select * from {by_month}', { partitions: monthly }),
];

test('a window is cut to the partitions that there are, and is empty where there are none', async () => {
  const project = createTestProject({ tables });
  const before = sqlAsset(
    'before',
    [{ asset: 'by_month', as: 'm', partitions: { kind: 'window', from: -1, to: -1 } }],
    'select count(n) as n, count(*) as all_of_it from {m}',
    { partitions: monthly },
  );
  const windows = pipelineOf([...pipeline.assets.slice(0, 2), before]);
  const { results, run } = await project.run(windows);
  expect(run.status).toBe('succeeded');
  const rows = (id: string) =>
    project.engine.rows(`select n from "${results.find((r) => r.stepId === id)?.snapshot}"`);
  expect(rows('before@month=2001-01')).toEqual([{ n: 0n }]);
  expect(rows('before@month=2001-02')).toEqual([{ n: 1n }]);
  expect((await project.plan(windows)).steps.filter((s) => s.action === 'run')).toEqual([]);
  const alone = { select: ['before'], partitions: ['2001-01'] };
  await expect(createTestProject({ tables }).plan(windows, alone)).rejects.toMatchObject({
    code: 'VP_PLAN_WINDOW_EMPTY',
    hint: 'Declare a schema for by_month, or compute it first: vp run +by_month',
  });
});

test('a window cuts time only: a region that the input does not have is an error', async () => {
  const regions = (...values: string[]): PartitionsSpec => ({
    dimensions: [...monthly.dimensions, { kind: 'static', name: 'region', values }],
  });
  const assets = [
    pipeline.assets[0] ?? sourceAsset('events'),
    sqlAsset('by_month', ['events'], 'select * from {events}', { partitions: regions('eu') }),
    sqlAsset(
      'before',
      [{ asset: 'by_month', as: 'm', partitions: { kind: 'window', from: -1, to: -1 } }],
      'select count(*) as n from {m}',
      { partitions: regions('eu', 'us') },
    ),
  ];
  await expect(createTestProject({ tables }).plan(pipelineOf(assets))).rejects.toMatchObject({
    code: 'VP_PARTITION_UNMAPPED',
    message: expect.stringContaining('region=us'),
  });
});

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
    code: 'VP_PLAN_PARTITION_MISSING',
    message:
      'rolling@month=2001-02 needs by_month@month=2001-01, which has no data yet and is not part of this plan.',
    hint: 'Compute it first: vp run +by_month --partition month=2001-01 --partition month=2001-02',
  });
  await expect(
    project.plan(pipelineOf(same), { select: ['copy'], partitions: ['2001-02'] }),
  ).rejects.toMatchObject({
    code: 'VP_PLAN_INPUT_MISSING',
    hint: 'Select its upstream too: vp run +copy --partition 2001-02',
  });
  await project.run(pipelineOf(same), { select: ['+copy'], partitions: ['2001-02'] });
});
