import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetSpec, CheckSpec, PipelineSpec, VpEvent } from '@vp/contracts';
import { configLayers, createKernel, type Kernel, resolveConfig } from '@vp/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const firstParty = ['duckdb', 'files', 'metadata-sqlite', 'executor-local', 'checks'];
let projectDir: string;
let kernel: Kernel;
let events: VpEvent[];

beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'vp-zoo-'));
  await mkdir(join(projectDir, 'data'));
  await writeFile(join(projectDir, 'data/orders.csv'), 'id,customer\n1,Ann\n2,Bob\n');
});
afterEach(async () => {
  expect(await kernel.stop()).toEqual([]);
  await rm(projectDir, { recursive: true });
});

async function boot(zoo: readonly string[], values: Record<string, unknown> = {}): Promise<void> {
  const directories = Object.fromEntries([
    ...firstParty.map((name) => [`@vp/${name}`, join(root, 'plugins', name)]),
    ...zoo.map((name) => [`zoo-${name}`, join(root, 'kernel/test/zoo', name)]),
  ]);
  const plugins = Object.fromEntries(
    Object.keys(directories).map((name) => [name, { version: '^1.0.0', grants: 'all' }]),
  );
  const where = () => ({ text: 'vp.toml', file: 'vp.toml' });
  const file = { values: { project: { name: 'zoo' }, plugins, ...values }, where };
  const config = resolveConfig({ layers: configLayers({ file }) });
  kernel = await createKernel({ projectDir, config, pluginDirectories: directories });
  events = [];
  kernel.events.subscribe((event) => events.push(event));
  await kernel.start();
}

const check = (init: Partial<CheckSpec>): CheckSpec => ({
  name: 'check',
  rule: 'not_null',
  columns: [],
  options: {},
  severity: 'error',
  ...init,
});

function pipeline(checks: readonly CheckSpec[]): PipelineSpec {
  const orders: AssetSpec = {
    $$type: '@vp/asset',
    version: 'v1',
    name: 'orders',
    inputs: [],
    compute: { kind: 'source', use: 'files', options: { path: 'data/orders.csv' } },
    materialize: 'table',
    checks,
    codeVersion: '1',
  };
  return { $$type: '@vp/pipeline', version: 'v1', assets: [orders], publish: [] };
}

async function run(spec: PipelineSpec) {
  const plan = await kernel.plan({ pipeline: spec });
  return kernel.run({ plan, pipeline: spec });
}

test('a validator that returns garbage fails its asset by name, and nothing is published', async () => {
  await boot(['validator-garbage']);
  const { run: record, results } = await run(pipeline([check({ rule: 'garbage' })]));
  expect(record.status).toBe('failed');
  expect(results[0]?.error).toMatchObject({ class: 'plugin', plugin: expect.stringMatching(/garbage/) });
  expect(results[0]?.error?.message).toMatch(/garbage/);
  expect(results[0]?.error?.hint).toMatch(/\w/);
  expect(results[0]?.snapshot).toBeUndefined();

  // The same asset with a rule of the healthy validator beside it.
  const healthy = await run(pipeline([check({ columns: ['id'] })]));
  expect(healthy.run.status).toBe('succeeded');
});

test('a listener that throws and a plugin that fails do not disturb a run', async () => {
  await boot(['listener-throws', 'engine-unmet', 'throws-in-activate']);
  const { run: record, results } = await run(pipeline([check({ columns: ['id'] })]));
  expect(record.status).toBe('succeeded');
  expect(results[0]).toMatchObject({ rows: 2, checks: [{ status: 'passed' }] });
  expect(events.map((event) => event.type)).toContain('run.finished');
  const logged = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
  expect(logged.join('\n')).toMatch(/the listener is broken/);
});

test('an alerter that is down is an event and a log line, never a failed run', async () => {
  await boot(['alerter-down', 'healthy'], { alerts: [{ to: ['alerter-down', 'healthy'] }] });
  const { run: record } = await run(
    pipeline([check({ name: 'wrong', rule: 'row_count', options: { min: 10 }, severity: 'warn' })]),
  );
  expect(record.status).toBe('succeeded');
  const failed = events.flatMap((event) => (event.type === 'alert.failed' ? [event] : []));
  expect(failed[0]).toMatchObject({
    alerter: 'alerter-down',
    error: { class: 'plugin', plugin: expect.stringMatching(/zoo-alerter-down/) },
  });
  expect(failed[0]?.error.message).toMatch(/ECONNREFUSED/);
  const sent = events.flatMap((event) => (event.type === 'alert.sent' ? [event.alerter] : []));
  expect(sent).toContain('healthy');
});

test('a tap that throws at plan.built prevents the plan, by name', async () => {
  await boot(['hook-throws']);
  await expect(kernel.plan({ pipeline: pipeline([]) })).rejects.toMatchObject({
    code: 'VP_HOOK_TAP_FAILED',
    plugin: 'zoo-hook-throws',
    phase: 'hook plan.built@1',
  });
});
