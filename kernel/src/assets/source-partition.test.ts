import type { PartitionsSpec } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  pipelineOf,
  reasonsOf,
  sourceAsset,
  sqlAsset,
} from '../../test/support/project.ts';
import { fillPartition } from './source-partition.ts';

const byRegion: PartitionsSpec = {
  dimensions: [{ kind: 'static', name: 'region', values: ['eu', 'us'] }],
};
const both: PartitionsSpec = {
  dimensions: [...byRegion.dimensions, { kind: 'static', name: 'kind', values: ['a'] }],
};
const tables = () => ({
  'sales-eu': [{ n: 1n }],
  'sales-us': [{ n: 2n }, { n: 3n }],
  sales: [{ n: 1n }, { n: 2n }, { n: 3n }],
});

test('each partition reads what its placeholder names, and only what changed is read again', async () => {
  const project = createTestProject({ tables: tables() });
  const pipeline = pipelineOf([
    sourceAsset('sales', 'sales-{region}', { partitions: byRegion }),
    sqlAsset('total', ['sales'], 'select sum(n) as n from {sales}'),
  ]);
  const { results, run } = await project.run(pipeline);
  expect(run.status).toBe('succeeded');
  expect(results.map(({ stepId, rows }) => [stepId, rows])).toEqual([
    ['sales@region=eu', 1],
    ['sales@region=us', 2],
    ['total', 1],
  ]);
  expect(project.source.log).toContain('acknowledge sales-us {"count":2}');
  project.source.tables['sales-us'] = [{ n: 4n }];
  expect(reasonsOf(await project.plan(pipeline))).toEqual({
    'sales@region=eu': 'fresh',
    'sales@region=us': 'stale',
    total: 'upstream',
  });
});

test('{partition} is what sinks write; texts at any depth are filled, braces of globs are not', () => {
  const options = {
    path: ['a/{partition}.csv', '{a,b}/{region}/\\d{4}'],
    deep: { at: '{kind}{other}' },
    n: 1,
  };
  expect(fillPartition(options, { region: 'e u', kind: 'x' })).toEqual({
    path: ['a/kind=x,region=e%20u.csv', '{a,b}/e%20u/\\d{4}'],
    deep: { at: 'x{other}' },
    n: 1,
  });
  expect(fillPartition(options, undefined)).toBe(options);
});

describe('a source that would give every partition the same rows is refused', () => {
  test.each([
    ['sales', byRegion, /by region, but every partition would read the same/],
    ['sales-{kind}', both, /region/],
  ] as const)('%s', async (table, partitions, message) => {
    const project = createTestProject({ tables: tables() });
    await expect(
      project.plan(pipelineOf([sourceAsset('sales', table, { partitions })])),
    ).rejects.toMatchObject({
      code: 'VP_SOURCE_NOT_PARTITIONED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('{partition}'),
    });
  });

  test('unless it says that it restricts itself', async () => {
    const project = createTestProject({ tables: tables() });
    const memory = project.contributions.find(({ id }) => id === 'memory');
    const partly = createTestProject({
      contributions: [
        {
          ...memory,
          point: 'source',
          id: 'memory',
          instance: project.source,
          manifest: { capabilities: ['partitions'], formats: ['rows'] },
        },
      ],
    });
    const { steps } = await partly.plan(
      pipelineOf([sourceAsset('sales', 'sales', { partitions: byRegion })]),
    );
    expect(steps).toHaveLength(2);
  });
});

test('a placeholder that means nothing is refused with what was meant; not where nothing is partitioned', async () => {
  const project = createTestProject({ tables: { ...tables(), '{partion}': [{ n: 1n }] } });
  const wrong = sourceAsset('sales', 'sales-{partion}-{region}', { partitions: byRegion });
  await expect(project.plan(pipelineOf([wrong]))).rejects.toMatchObject({
    code: 'VP_SOURCE_PLACEHOLDER_UNKNOWN',
    hint: 'Did you mean "partition"?',
  });
  await expect(project.plan(pipelineOf([sourceAsset('sales', '{partion}')]))).resolves.toMatchObject({});
});
