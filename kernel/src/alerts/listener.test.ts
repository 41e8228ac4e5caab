import type { Alert, Alerter } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  sourceAsset,
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
