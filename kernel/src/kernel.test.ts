import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVpError, points, type VpEvent } from '@vp/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kernelVersion } from './boot/version.ts';
import { configLayers, resolveConfig } from './config/index.ts';
import { createKernel } from './kernel.ts';

const zoo = join(import.meta.dirname, '../test/zoo');
let projectDir: string;
beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'vp-kernel-'));
});
afterEach(() => rm(projectDir, { recursive: true }));

function boot(values: Record<string, unknown>, cases: readonly string[] = []) {
  const where = (path: readonly string[]) => ({ text: `vp.toml ${path.join('.')}`, file: 'vp.toml' });
  const plugins = Object.fromEntries(cases.map((name) => [`zoo-${name}`, '^1.0.0']));
  const file = { values: { project: { name: 'zoo' }, plugins, ...values }, where };
  const config = resolveConfig({ layers: configLayers({ file }) });
  const directories = cases.map((name) => [`zoo-${name}`, join(zoo, name)]);
  return createKernel({ projectDir, config, pluginDirectories: Object.fromEntries(directories) });
}

test('a kernel without plugins boots and says what to install', async () => {
  const kernel = await boot({});
  await kernel.start();
  expect(kernel.problems().map((problem) => problem.code)).toEqual(['VP_PLUGIN_NONE']);
  expect(kernel.problems()[0]?.hint).toMatch(/vp init/);
  expect(() => kernel.host.bound('engine')).toThrow(
    expect.objectContaining({
      code: 'VP_CONTRIBUTION_NONE',
      hint: expect.stringMatching(/\[plugins\] in vp.toml/),
    }),
  );
  expect(await kernel.stop()).toEqual([]);
});

test('a permission that is not granted makes its plugin unavailable and names the edit', async () => {
  const kernel = await boot({}, ['healthy', 'permission-not-granted']);
  const [error] = kernel.problems();
  expect(error).toMatchObject({ code: 'VP_PERMISSION_NOT_GRANTED', exitCode: 3, phase: 'verify' });
  expect(error?.hint).toContain('example.org:443');
  await kernel.host.instance(points.alerter, 'healthy');
  const used = await kernel.host.instance(points.alerter, 'permission-not-granted').catch((e: unknown) => e);
  expect(used).toBe(error);
  await kernel.stop();

  const plugins = {
    'zoo-permission-not-granted': { version: '1', grants: { network: ['*.org:443', 'example.org:443'] } },
  };
  const granted = await boot({ plugins }, ['permission-not-granted']);
  expect(granted.problems()).toEqual([]);
});

test('a listener that throws is logged, and the others hear everything', async () => {
  const kernel = await boot({}, ['listener-throws']);
  const heard: VpEvent[] = [];
  kernel.events.subscribe((event) => heard.push(event));
  await kernel.start();
  expect(kernel.plugins()[0]).toMatchObject({ state: 'started' });
  kernel.logger.info('first');
  kernel.logger.info('second');
  const messages = heard.flatMap((event) => (event.type === 'log' ? [event.message] : []));
  expect(messages.filter((message) => message === 'first' || message === 'second')).toEqual([
    'first',
    'second',
  ]);
  expect(messages.join('\n')).toMatch(/the listener is broken/);
  expect(await kernel.stop()).toEqual([]);
});

test('configuration of a contribution that takes none, and of one that nobody has, is an error with its place', async () => {
  const kernel = await boot({ alerter: { healthy: { color: 'red' }, helthy: {} } }, ['healthy']);
  expect(kernel.diagnostics.all()).toMatchObject([
    { code: 'VP_CONFIG_UNKNOWN_SECTION', hint: 'Did you mean "healthy"?', severity: 'error' },
    { code: 'VP_CONFIG_NOT_CONFIGURABLE', at: { pointer: '/alerter/healthy/color' }, severity: 'error' },
  ]);
  const error = await kernel.host.instance(points.alerter, 'healthy').catch((thrown: unknown) => thrown);
  expect(isVpError(error) && [error.code, error.at?.pointer, error.plugin]).toEqual([
    'VP_CONFIG_NOT_CONFIGURABLE',
    '/alerter/healthy/color',
    'zoo-healthy@1.0.0',
  ]);
});

test('names in vp.toml that nothing has are found at boot, each with its place', async () => {
  const kernel = await boot(
    {
      bindings: { alerter: 'helthy' },
      alerts: [{ to: ['healthy', 'healty'] }],
      connections: { shop: { use: 'healthyy' } },
    },
    ['healthy'],
  );
  expect(kernel.diagnostics.all()).toMatchObject([
    { code: 'VP_REFERENCE_UNKNOWN', at: { pointer: '/bindings/alerter' } },
    { code: 'VP_REFERENCE_UNKNOWN', at: { pointer: '/alerts/0/to/1' } },
    { code: 'VP_REFERENCE_UNKNOWN', at: { pointer: '/connections/shop/use' } },
  ]);
  for (const { message } of kernel.diagnostics.all()) expect(message).toMatch(/Did you mean "healthy"\?/);
  const pipeline = { $$type: '@vp/pipeline', version: 'v1', assets: [], publish: [] } as const;
  await expect(kernel.plan({ pipeline })).rejects.toMatchObject({
    code: 'VP_REFERENCE_UNKNOWN',
    exitCode: 3,
  });
});

test('a plugin that is at hand is used in place of its entry, and held against its package.json', async () => {
  const where = () => ({ text: 'vp.toml' });
  const file = { values: { project: { name: 'zoo' }, plugins: { 'zoo-missing-entry': '^1.0.0' } }, where };
  const config = resolveConfig({ layers: configLayers({ file }) });
  const pluginDirectories = { 'zoo-missing-entry': join(zoo, 'missing-entry') };
  const make = (id: string) =>
    createKernel({
      projectDir,
      config,
      pluginDirectories,
      pluginDefinitions: {
        'zoo-missing-entry': {
          $$type: '@vp/plugin',
          version: 'v1',
          register: (registrar) =>
            registrar.contribute(points.alerter, id, { create: () => ({ async send() {} }) }),
        },
      },
    });
  const kernel = await make('missing-entry');
  await kernel.host.instance(points.alerter, 'missing-entry');
  expect(await kernel.stop()).toEqual([]);
  const wrong = await make('other');
  await expect(wrong.host.instance(points.alerter, 'missing-entry')).rejects.toMatchObject({
    code: 'VP_PLUGIN_UNDECLARED',
  });
});

test('the version that plugins are held against is the one of package.json', async () => {
  const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: kernelVersion });
});
