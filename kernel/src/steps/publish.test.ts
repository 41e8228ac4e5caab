import { t, toTableSchema } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  pipelineOf,
  publishTo,
  reasonsOf,
  sourceAsset,
  sqlAsset,
} from '../../test/support/project.ts';

const tables = () => ({ orders: [{ id: 1n }] });
const step = 'publish:orders->out';
const pipeline = pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out')]);

describe('publish', () => {
  test('what the destination lost is written again; what it has is not, even without a record', async () => {
    const project = createTestProject({ tables: tables() });
    await project.run(pipeline);
    const materializations = project.store.materializations.bind(project.store);
    project.store.materializations = async (filter) =>
      (await materializations(filter)).filter((record) => record.stepId !== step);
    expect(reasonsOf(await project.plan(pipeline))[step]).toBe('fresh');
    project.store.materializations = materializations;
    project.sink.written.clear();
    expect(reasonsOf(await project.plan(pipeline))[step]).toBe('new');
    await project.run(pipeline);
    expect(project.sink.written.get('out')?.rows).toEqual([{ id: 1n }]);
  });

  test('a destination that cannot be asked is written, and its failure is the step’s', async () => {
    const project = createTestProject({ tables: tables() });
    await project.run(pipeline);
    project.sink.inspect = () => Promise.reject(new Error('refused'));
    const plan = await project.plan(pipeline);
    expect(plan.steps[1]?.reason).toEqual({
      code: 'unknown',
      text: 'the destination could not be asked: refused',
    });
    const { results } = await project.runner.run({ plan, pipeline });
    expect(results[1]?.error).toMatchObject({
      code: 'VP_PLUGIN_THREW',
      plugin: '@test/out@1.0.0',
      phase: `step ${step}`,
    });
  });

  test('append adds each new snapshot once', async () => {
    const project = createTestProject({ tables: tables() });
    const append = pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out', { mode: 'append' })]);
    await project.run(append);
    await project.run(append);
    project.source.tables.orders = [{ id: 2n }];
    await project.run(append);
    expect(project.sink.written.get('out')?.rows).toEqual([{ id: 1n }, { id: 2n }]);
  });

  test('append adds nothing twice, neither by force nor when only the definition changed', async () => {
    const project = createTestProject({ tables: tables() });
    const to = (allowLoss: readonly string[]) =>
      pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out', { mode: 'append', allowLoss })]);
    await project.run(to([]));
    const changed = await project.run(to(['x']));
    expect(changed.results[1]).toMatchObject({ status: 'succeeded', rows: 0 });
    await project.run(to(['x']), { force: true, select: ['orders'] });
    const [orders] = await project.engine.snapshots();
    expect(project.sink.written.get('out')?.meta.inputs).toEqual({ orders: orders?.id });
    expect((await project.plan(to(['x']))).steps.map((s) => s.reason.code)).toEqual(['fresh', 'fresh']);
  });

  test('append of partitions sends those that are new', async () => {
    const project = createTestProject();
    const regions = (...values: string[]) =>
      pipelineOf(
        [
          sqlAsset('r', [], 'select {key} as region', {
            partitions: { dimensions: [{ kind: 'static', name: 'region', values }] },
          }),
        ],
        [publishTo('r', 'out', { mode: 'append' })],
      );
    await project.run(regions('eu', 'us', 'jp'), { partitions: ['eu'] });
    await project.run(regions('eu', 'us', 'jp'));
    expect(project.sink.written.get('out')?.rows.map((row) => row.region)).toEqual(['eu', 'us', 'jp']);
  });

  test('a writer that fails is closed and nothing is visible', async () => {
    const project = createTestProject({ tables: tables() });
    const open = project.sink.open.bind(project.sink);
    project.sink.open = async (request, context) => ({
      ...(await open(request, context)),
      commit: () => Promise.reject(new Error('disk full')),
    });
    const { results } = await project.run(pipeline);
    expect(results[1]).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('disk full') },
    });
    expect(project.sink.log).toEqual(['close out']);
    expect(project.sink.written.size).toBe(0);
  });

  test('a loss is refused until it is allowed by name', async () => {
    const project = createTestProject({ tables: tables() });
    const schema = toTableSchema({ id: t.float32() });
    project.sink.inspect = async () => ({ location: 'out', exists: true, formats: ['rows'], schema });
    const to = (allowLoss: readonly string[]) =>
      pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out', { mode: 'append', allowLoss })]);
    const refused = await project.run(to([]));
    const error = refused.results[1]?.error;
    expect(error).toMatchObject({
      code: 'VP_PUBLISH_LOSSY',
      message: expect.stringContaining('id: int64 -> float32'),
    });
    const name = /allowLoss: \["([^"]+)"\]/.exec(error?.hint ?? '')?.[1] ?? '';
    const allowed = await project.run(to([name]));
    expect(allowed.results[1]?.status).toBe('succeeded');
  });

  test('a zone that only shows instants otherwise is no loss that has to be allowed', async () => {
    const project = createTestProject({ tables: tables() });
    const at = (tz: string) => toTableSchema({ at: t.timestamp({ tz }) });
    const read = project.engine.read.bind(project.engine);
    project.engine.read = async (request, context) => {
      const opened = await read(request, context);
      return { ...opened, payload: { ...opened.payload, schema: at('Europe/Oslo') } };
    };
    project.sink.inspect = async () => ({
      location: 'out',
      exists: true,
      formats: ['rows'],
      schema: at('UTC'),
    });
    const append = pipelineOf([sourceAsset('orders')], [publishTo('orders', 'out', { mode: 'append' })]);
    expect((await project.run(append)).results[1]?.status).toBe('succeeded');
  });

  test('a write says which commit it follows, so that one that was overtaken can be refused', async () => {
    const project = createTestProject({ tables: tables() });
    const followed: unknown[] = [];
    const open = project.sink.open.bind(project.sink);
    project.sink.open = (request, context) => {
      followed.push(request.basedOn);
      return open(request, context);
    };
    const first = await project.run(pipeline);
    project.source.tables.orders = [{ id: 2n }];
    await project.run(pipeline);
    expect(followed).toEqual([null, `${first.run.id}/${step}`]);
  });
});
