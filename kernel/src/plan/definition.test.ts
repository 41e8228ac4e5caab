import type { PartitionDimension } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  publishTo,
  reasonsOf,
  sourceAsset,
  sqlAsset,
} from '../../test/support/project.ts';

const months = (more: Partial<Extract<PartitionDimension, { kind: 'time' }>> = {}) => ({
  partitions: {
    dimensions: [
      {
        kind: 'time',
        name: 'month',
        grain: 'month',
        start: '2001-01-01',
        end: '2001-03-01',
        ...more,
      } as const,
    ],
  },
});

/** What is planned after a run of `before` when the pipeline has become `after`. */
async function replan(
  before: ReturnType<typeof sqlAsset>,
  after: ReturnType<typeof sqlAsset>,
): Promise<Readonly<Record<string, string>>> {
  const project = createTestProject({ tables: { raw: [{ id: 1n }] } });
  await project.run(pipelineOf([sourceAsset('raw'), before]));
  return reasonsOf(await project.plan(pipelineOf([sourceAsset('raw'), after])));
}

describe('partitions', () => {
  const asset = (extras: ReturnType<typeof months>) =>
    sqlAsset('a', ['raw'], 'select * from {raw} where {start} < {end}', extras);

  test('that are added leave those that are there as they are', async () => {
    expect(await replan(asset(months()), asset(months({ start: '2000-12-01', end: '2001-04-01' })))).toEqual({
      raw: 'fresh',
      'a@month=2000-12': 'new',
      'a@month=2001-01': 'fresh',
      'a@month=2001-02': 'fresh',
      'a@month=2001-03': 'new',
    });
  });

  test('that are cut otherwise are computed again', async () => {
    const reasons = await replan(asset(months()), asset(months({ timezone: 'Europe/Oslo' })));
    expect(reasons['a@month=2001-01']).toBe('changed');
  });
});

describe('a change of', () => {
  const plain = sqlAsset('a', ['raw'], 'select * from {raw}', { checks: [positive('id')] });

  test.each([
    ['an option of a check', { ...plain, checks: [positive('id', { tolerance: 0.5 })] }, 'changed'],
    ['a description of a check', { ...plain, checks: [positive('id', { description: 'x' })] }, 'fresh'],
    ['the version of the code', { ...plain, codeVersion: '2' }, 'changed'],
    ['a policy', { ...plain, policy: { retries: 9 } }, 'fresh'],
    ['an owner', { ...plain, owner: 'ana' }, 'fresh'],
  ])('%s', async (_, after, reason) => {
    expect((await replan(plain, after)).a).toBe(reason);
  });

  test('the configuration of a source, transform or sink makes what uses it run, and nothing else', async () => {
    const digests: Record<string, string> = {};
    const project = createTestProject({
      tables: { raw: [{ id: 1n }] },
      planner: { configDigest: ({ point, id }) => digests[`${point}.${id}`] },
    });
    const pipeline = pipelineOf(
      [
        sourceAsset('raw'),
        functionAsset('f', ['raw'], (rows: readonly object[]) => rows),
        sqlAsset('a', ['raw'], 'select * from {raw}'),
      ],
      [publishTo('a', 'out')],
    );
    await project.run(pipeline);
    const fresh = { raw: 'fresh', f: 'fresh', a: 'fresh', 'publish:a->out': 'fresh' };
    expect(reasonsOf(await project.plan(pipeline))).toEqual(fresh);
    digests['transform.fn'] = 'other';
    expect(reasonsOf(await project.plan(pipeline))).toEqual({ ...fresh, f: 'changed' });
    digests['sink.out'] = 'other';
    expect(reasonsOf(await project.plan(pipeline))).toMatchObject({
      f: 'changed',
      'publish:a->out': 'changed',
    });
    digests['source.memory'] = 'other';
    expect(reasonsOf(await project.plan(pipeline)).raw).toBe('changed');
    digests['engine.sqlite'] = 'other';
    expect(reasonsOf(await project.plan(pipeline)).a).toBe('upstream');
  });
});
