import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  pipelineOf,
  publishTo,
  reasonsOf,
  sourceAsset,
  sqlAsset,
  statusesOf,
} from '../../test/support/project.ts';

const tables = () => ({
  orders: [
    { id: 1n, amount: 5 },
    { id: 2n, amount: 7 },
  ],
});
const pipeline = pipelineOf(
  [sourceAsset('orders'), sqlAsset('total', ['orders'], 'select sum(amount) as total from {orders}')],
  [publishTo('total', 'out.parquet')],
);

describe('source -> sql -> publish', () => {
  test('runs once, then everything is fresh', async () => {
    const project = createTestProject({ tables: tables() });
    const plan = await project.plan(pipeline);
    expect(reasonsOf(plan)).toEqual({ orders: 'new', total: 'new', 'publish:total->out.parquet': 'new' });
    const first = await project.run(pipeline);
    expect(statusesOf(first)).toEqual({
      orders: 'succeeded',
      total: 'succeeded',
      'publish:total->out.parquet': 'succeeded',
    });
    expect(first.run.status).toBe('succeeded');
    expect(project.sink.written.get('out.parquet')?.rows).toEqual([{ total: 12 }]);
    expect(project.source.log).toEqual(['read orders', 'acknowledge orders {"count":2}', 'close orders']);
    expect(reasonsOf(await project.plan(pipeline))).toEqual({
      orders: 'fresh',
      total: 'fresh',
      'publish:total->out.parquet': 'fresh',
    });
  });

  test('new data in the source runs what depends on it', async () => {
    const project = createTestProject({ tables: tables() });
    await project.run(pipeline);
    project.source.tables.orders = [{ id: 3n, amount: 1 }];
    expect(reasonsOf(await project.plan(pipeline))).toEqual({
      orders: 'stale',
      total: 'upstream',
      'publish:total->out.parquet': 'upstream',
    });
    await project.run(pipeline);
    expect(project.sink.written.get('out.parquet')?.rows).toEqual([{ total: 1 }]);
  });

  test('the source is told the columns that the asset declares, or nothing', async () => {
    const project = createTestProject({ tables: tables() });
    const { read } = project.source;
    const asked: unknown[] = [];
    project.source.read = (request, context) => {
      asked.push(request.schema);
      return read(request, context);
    };
    const fields = [
      { name: 'id', type: { kind: 'int64' }, nullable: true },
      { name: 'amount', type: { kind: 'float64' }, nullable: true },
    ] as const;
    await project.run(pipelineOf([sourceAsset('orders')]));
    await project.run(pipelineOf([sourceAsset('orders', 'orders', { schema: { fields } })]));
    expect(asked).toEqual([undefined, { fields }]);
  });
});
