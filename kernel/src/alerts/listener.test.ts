import type { Alert, Alerter } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  sourceAsset,
  sqlAsset,
} from '../../test/support/project.ts';
import type { AlertRoute } from '../config/schema.ts';
import { createAlertListener } from './listener.ts';

function setUp(routes: readonly AlertRoute[], rows: readonly Record<string, bigint>[]) {
  const sent: Alert[] = [];
  let isDown = false;
  const alerter: Alerter = {
    async send(alerts) {
      if (isDown) throw new Error('no route to host');
      sent.push(...alerts);
    },
  };
  const project = createTestProject({
    tables: { orders: rows },
    contributions: [{ point: 'alerter', id: 'mail', instance: alerter }],
    runner: {
      listen: (run) =>
        createAlertListener({
          host: project.host,
          events: project.events,
          clock: project.clock,
          logger: project.logger,
          routes,
          project: 'shop',
        })(run),
    },
  });
  const down = (value: boolean): void => {
    isDown = value;
  };
  const texts = () => sent.splice(0).map((a) => `${a.state} ${a.severity} ${a.key} x${a.count}`);
  return { project, texts, down };
}

const checked = (severity: 'error' | 'warn') =>
  pipelineOf([
    sourceAsset('orders', 'orders', { tags: ['finance'], checks: [positive('id', { severity })] }),
  ]);

describe('alerts', () => {
  test('a problem is told once while it lasts, and again when it is over', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], [{ id: -1n }]);
    await project.run(checked('error'));
    expect(texts()).toEqual(['firing error check:orders:positive(id) x1', 'firing critical run:shop x1']);
    await project.run(checked('error'));
    expect(texts()).toEqual([]);
    project.source.tables.orders = [{ id: 1n }];
    await project.run(checked('error'));
    expect(texts()).toEqual(['resolved error check:orders:positive(id) x1', 'resolved critical run:shop x1']);
    await project.run(checked('error'), { force: true });
    expect(texts()).toEqual([]);
    expect(await project.store.listState('alerts/')).toEqual([]);
  });

  test('an alerter that is down never fails a run, and hears of the problem when it is up again', async () => {
    const { project, texts, down } = setUp([{ to: ['mail'] }], [{ id: -1n }]);
    down(true);
    const { run } = await project.run(checked('warn'));
    expect(run.status).toBe('succeeded');
    expect(project.published.find((e) => e.type === 'alert.failed')).toMatchObject({
      alerter: 'mail',
      error: { code: 'VP_PLUGIN_THREW', class: 'plugin' },
    });
    // The event says it: a log line beside it would say it twice.
    expect(project.logs).toEqual([]);
    down(false);
    await project.run(checked('warn'), { force: true });
    expect(texts()).toEqual(['firing warn check:orders:positive(id) x2']);
  });

  test('routes choose by severity, asset and tag; the first that fits ends it', async () => {
    const routes: AlertRoute[] = [
      { severity: ['critical'], to: ['nobody'] },
      { tags: ['finance'], assets: ['ord*'], severity: ['error'], to: ['mail'] },
    ];
    const { project, texts } = setUp(routes, [{ id: -1n }]);
    const { run } = await project.run(checked('error'));
    expect(run.status).toBe('failed');
    expect(texts()).toEqual(['firing error check:orders:positive(id) x1']);
    expect(project.published.find((e) => e.type === 'alert.failed')).toMatchObject({ alerter: 'nobody' });
    expect(project.logs[0]).toContain('Alerts to "nobody" will not arrive');
  });

  test('NULLs in a column declared NOT NULL are over when the asset is computed', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], []);
    project.source.tables.orders = [{ id: null }];
    const schema = { fields: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] } as const;
    const pipeline = pipelineOf([
      sourceAsset('raw', 'orders'),
      sqlAsset('orders', ['raw'], 'select cast(id as integer) as id from {raw}', { schema }),
    ]);
    await project.run(pipeline);
    expect(texts()[0]).toBe('firing error check:orders:schema:not_null(id) x1');
    project.source.tables.orders = [{ id: 1n }];
    await project.run(pipeline);
    expect(texts()).toEqual([
      'resolved error check:orders:schema:not_null(id) x0',
      'resolved critical run:shop x0',
    ]);
  });

  test('a check that is no more does not keep its problem open', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], [{ id: -1n }]);
    await project.run(checked('error'));
    expect(texts()).toHaveLength(2);
    await project.run(pipelineOf([sourceAsset('orders', 'orders', { tags: ['finance'] })]));
    expect(texts()).toEqual(['resolved error check:orders:positive(id) x0', 'resolved critical run:shop x0']);
  });

  test('an asset that is no more does not keep its problem open once everything is run', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], [{ id: 1n }]);
    const broken = functionAsset('broken', [], () => {
      throw new Error('no');
    });
    await project.run(pipelineOf([sourceAsset('orders'), broken]));
    expect(texts()).toHaveLength(2);
    await project.run(pipelineOf([sourceAsset('orders')]), { select: ['orders'] });
    expect(texts()).toEqual([]);
    await project.run(pipelineOf([sourceAsset('orders')]));
    expect(texts()).toEqual(['resolved error step:broken x0', 'resolved critical run:shop x0']);
  });

  test('what is mended by going back to what had succeeded is over, though nothing runs', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], [{ id: 1n }, { id: -1n }]);
    const asset = (limit: string, severity: 'error' | 'warn') =>
      pipelineOf([
        sourceAsset('raw', 'orders'),
        sqlAsset('orders', ['raw'], `select id from {raw} where id > ${limit}`, {
          codeVersion: limit,
          checks: [positive('id', { severity })],
        }),
      ]);
    await project.run(asset('0', 'error'));
    await project.run(asset('-5', 'error'));
    expect(texts()).toEqual(['firing error check:orders:positive(id) x1', 'firing critical run:shop x1']);
    const back = await project.run(asset('0', 'error'));
    expect(back.results.map(({ status }) => status)).not.toContain('succeeded');
    expect(texts()).toEqual(['resolved error check:orders:positive(id) x0', 'resolved critical run:shop x0']);

    // Data that was published with a warning still has it.
    await project.run(asset('-5', 'warn'));
    expect(texts()).toEqual(['firing warn check:orders:positive(id) x1']);
    await project.run(asset('-5', 'warn'));
    expect(texts()).toEqual([]);
  });

  test('each partition has its own problem: one that passes does not hide another that fails', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], []);
    const dimensions = [{ kind: 'static', name: 'region', values: ['eu', 'us'] }] as const;
    const asset = functionAsset('orders', ['raw'], (rows: readonly { region: string }[]) => rows, {
      checks: [positive('id', { severity: 'warn' })],
    });
    project.source.tables.raw = [{ id: -1n, region: 'eu' }];
    const pipeline = pipelineOf([
      sourceAsset('raw'),
      {
        ...asset,
        compute: sqlAsset('x', ['raw'], 'select * from {raw} where region = {key}').compute,
        partitions: { dimensions },
      },
    ]);
    await project.run(pipeline);
    expect(texts()).toEqual(['firing warn check:orders@region=eu:positive(id) x1']);
  });

  test('while an alerter is slow, what comes is gathered and not queued', async () => {
    const sizes: number[] = [];
    const slow = Promise.withResolvers<void>();
    const alerter: Alerter = {
      async send(alerts) {
        sizes.push(alerts.length);
        await slow.promise;
      },
    };
    const project = createTestProject({
      contributions: [{ point: 'alerter', id: 'mail', instance: alerter }],
    });
    const listener = await createAlertListener({
      host: project.host,
      events: project.events,
      clock: project.clock,
      logger: project.logger,
      routes: [{ to: ['mail'] }],
      project: 'shop',
      gatherMs: 5,
    })({ store: project.store, pipeline: pipelineOf([]) });
    const error = { code: 'VP_X', class: 'data', message: 'no', docs: '' } as const;
    for (let i = 0; i < 6; i += 1) {
      const result = {
        stepId: `s${i}`,
        asset: 's',
        status: 'failed',
        attempt: 1,
        startedAt: 0,
        finishedAt: 0,
        error,
      } as const;
      listener.hear({ type: 'step.finished', seq: i, at: i, runId: 'r', stepId: `s${i}`, result });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    slow.resolve();
    await listener.close();
    expect(sizes).toEqual([1, 5]);
  });

  test('a run that succeeds elsewhere does not resolve a failed one', async () => {
    const { project, texts } = setUp([{ to: ['mail'] }], [{ id: 1n }]);
    const broken = functionAsset('broken', [], () => {
      throw new Error('no');
    });
    const pipeline = pipelineOf([sourceAsset('orders'), broken]);
    await project.run(pipeline);
    expect(texts()).toEqual(['firing error step:broken x1', 'firing critical run:shop x1']);
    await project.run(pipeline, { select: ['orders'] });
    expect(texts()).toEqual([]);
  });
});
