import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Auth,
  type Logger,
  type Paths,
  type PluginDefinition,
  type PluginState,
  points,
  type Secrets,
  type Store,
  services,
  type VpEvent,
} from '@vp/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryStore } from '../../test/support/memory-store.ts';
import { configLayers, resolveConfig } from '../config/index.ts';
import { createKernel } from '../kernel.ts';

let projectDir: string;
beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'vp-kernel-'));
});
afterEach(() => rm(projectDir, { recursive: true }));

interface Given {
  readonly log: Logger;
  readonly paths: Paths;
  readonly secrets: Secrets;
  readonly state: PluginState;
  readonly config: { readonly user: string; readonly password: { reveal(): string } };
}

const required = ['vp.logger@1', 'vp.paths@1', 'vp.secrets@1', 'vp.state@1'];
const config = {
  type: 'object',
  properties: { user: { type: 'string', default: 'vp' }, password: { type: 'string' } },
};

/** A plugin that hands out what it was given, one that stores, and one that knows a secret. */
async function boot(init: { readonly grants: object; readonly store: Store; readonly more?: object }) {
  const given: Given[] = [];
  const write = async (name: string, vp: object) => {
    const folder = join(projectDir, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    const manifest = { manifestVersion: 1, entry: './plugin.js', ...vp };
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', engines: { vp: '^1.0.0' }, vp: manifest }),
    );
  };
  await write('curious', {
    contributes: { sources: [{ id: 'curious', contract: 'source@1', formats: ['rows'], config }] },
    requires: { services: required },
    permissions: { secrets: ['config.password', 'secret://test/a'] },
  });
  await write('memory', {
    contributes: {
      stores: [{ id: 'memory', contract: 'store@1' }],
      auth: [{ id: 'test', contract: 'auth@1', schemes: ['test'] }],
    },
  });
  const curious: PluginDefinition = {
    $$type: '@vp/plugin',
    version: 'v1',
    register: (registrar) =>
      registrar.contribute(points.source, 'curious', {
        deps: {
          log: services.logger,
          paths: services.paths,
          secrets: services.secrets,
          state: services.state,
        },
        create({
          deps,
          config: values,
        }: {
          readonly deps: Omit<Given, 'config'>;
          readonly config: Given['config'];
        }) {
          given.push({ ...deps, config: values });
          return {
            check: async () => ({ ok: true, message: '' }),
            discover: async () => [],
            read: () => Promise.reject(),
          };
        },
      }),
  };
  const auth: Auth = { secret: async (ref) => (ref.endsWith('/a') ? 'hunter22' : undefined) };
  const memory: PluginDefinition = {
    $$type: '@vp/plugin',
    version: 'v1',
    register(registrar) {
      registrar.contribute(points.store, 'memory', { create: () => init.store });
      registrar.contribute(points.auth, 'test', { create: () => auth });
    },
  };
  const values = {
    project: { name: 'test' },
    plugins: { curious: { version: '^1.0.0', grants: init.grants }, memory: '^1.0.0' },
    connections: { shop: { use: 'curious', password: 'secret://test/a' } },
    ...init.more,
  };
  const where = () => ({ text: 'vp.toml' });
  const resolved = resolveConfig({ layers: configLayers({ file: { values, where } }) });
  const kernel = await createKernel({ projectDir, config: resolved, pluginDefinitions: { curious, memory } });
  return {
    kernel,
    async open(): Promise<Given> {
      await kernel.host.instance(points.source, 'curious', 'shop');
      const [first] = given;
      if (first === undefined) throw new Error('nothing was made');
      return first;
    },
  };
}

const grants = { secrets: ['config.password', 'secret://test/*'] };

test('the log carries the name of the plugin, and no secret that was handed out', async () => {
  const { kernel, open } = await boot({ grants, store: createMemoryStore() });
  const events: VpEvent[] = [];
  kernel.events.subscribe((event) => events.push(event));
  const { log, paths, config: values } = await open();
  expect(values.user).toBe('vp');
  expect(values.password.reveal()).toBe('hunter22');
  log.info('connecting with hunter22');
  expect(events).toMatchObject([{ type: 'log', plugin: 'curious', message: 'connecting with [redacted]' }]);
  expect(paths.resolve('a/b')).toBe(join(projectDir, 'a/b'));
  await kernel.stop();
});

test('secrets are those that the manifest names and the deployment grants', async () => {
  const { kernel, open } = await boot({ grants, store: createMemoryStore() });
  const { secrets } = await open();
  expect((await secrets.get('secret://test/a')).reveal()).toBe('hunter22');
  await expect(secrets.get('secret://test/b')).rejects.toMatchObject({
    code: 'VP_PERMISSION_DENIED',
    plugin: 'curious',
  });
  await kernel.stop();

  const refused = await boot({ grants: {}, store: createMemoryStore() });
  expect(refused.kernel.problems()).toMatchObject([{ code: 'VP_PERMISSION_NOT_GRANTED', plugin: 'curious' }]);
});

test("state lies in the deployment's store under the plugin's name, and survives other writers", async () => {
  const store = createMemoryStore();
  let rivals = 3;
  const contended: Store = {
    ...store,
    async putState(key, value, expected) {
      // Another process writes first, three times.
      if (rivals-- > 0) await store.putState(key, 'rival', expected);
      return store.putState(key, value, expected);
    },
  };
  const { kernel, open } = await boot({ grants, store: contended });
  const { state } = await open();
  expect(await state.get('cursor')).toBeUndefined();
  await state.set('cursor', { page: 7 });
  expect(await state.get('cursor')).toEqual({ page: 7 });
  expect(await store.listState('')).toEqual(['plugin/curious/cursor']);

  rivals = 1_000;
  await expect(state.set('cursor', 8)).rejects.toMatchObject({ code: 'VP_STATE_BUSY', class: 'transient' });
  await kernel.stop();
});

test('a connection that is not there, or is for something else, is an error with a did-you-mean', async () => {
  const { kernel } = await boot({ grants, store: createMemoryStore() });
  const using = (id: 'curious', connection: string) => kernel.host.instance(points.source, id, connection);
  await expect(using('curious', 'shpo')).rejects.toMatchObject({
    code: 'VP_CONNECTION_UNKNOWN',
    message: expect.stringContaining('Did you mean "shop"?'),
  });
  await expect(kernel.host.instance(points.store, 'memory', 'shop')).rejects.toMatchObject({
    code: 'VP_CONNECTION_USE',
  });
  await kernel.stop();
});

test('a secret that is written out is known at boot: as a warning, and to whatever leaves the process', async () => {
  const more = {
    connections: { shop: { use: 'curious', user: 'adalovelace', password: 'hunter2hunter2' } },
    source: { curious: { password: 'secret://test/a' } },
  };
  const { kernel } = await boot({ grants, store: createMemoryStore(), more });
  expect(kernel.diagnostics.all()).toMatchObject([{ code: 'VP_SECRET_LITERAL', severity: 'warning' }]);
  expect(kernel.redact('adalovelace hunter2hunter2')).toBe('adalovelace [redacted]');
  expect(kernel.isSecret(['connections', 'shop', 'password'])).toBe(true);
  expect(kernel.isSecret(['source', 'curious', 'password'])).toBe(true);
  expect(kernel.isSecret(['connections', 'shop', 'user'])).toBe(false);
  expect(kernel.isSecret(['store', 'memory', 'password'])).toBe(false);
  await kernel.stop();
});

test('a section that its contribution does not take is found at boot, and nothing is planned', async () => {
  const more = { source: { curious: { usr: 'x' } }, store: { memory: { size: 1 } } };
  const { kernel } = await boot({ grants, store: createMemoryStore(), more });
  expect(kernel.diagnostics.all().map(({ code }) => code)).toEqual([
    'VP_CONFIG_UNKNOWN_KEY',
    'VP_CONFIG_NOT_CONFIGURABLE',
  ]);
  const pipeline = { $$type: '@vp/pipeline', version: 'v1', assets: [], publish: [] } as const;
  await expect(kernel.plan({ pipeline, select: [] })).rejects.toMatchObject({
    code: 'VP_CONFIG_UNKNOWN_KEY',
  });
  await kernel.stop();
});
