import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServiceRef, type PluginDefinition, points, type ServiceScope } from '@vp/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryStore } from '../../test/support/memory-store.ts';
import { pipelineOf, task } from '../../test/support/project.ts';
import { simpleExecutor } from '../../test/support/simple-executor.ts';
import { configLayers, resolveConfig } from '../config/index.ts';
import { createKernel } from '../kernel.ts';

interface Session {
  readonly number: number;
}

let projectDir: string;
beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'vp-kernel-'));
});
afterEach(() => rm(projectDir, { recursive: true }));

const manifest = {
  name: 'acme',
  version: '1.0.0',
  type: 'module',
  engines: { vp: '^1.0.0' },
  vp: {
    manifestVersion: 1,
    entry: './plugin.js',
    contributes: {
      stores: [{ id: 'memory', contract: 'store@1' }],
      executors: [{ id: 'simple', contract: 'executor@1' }],
      transforms: [{ id: 'fn', contract: 'transform@1', formats: ['rows'] }],
    },
    provides: ['acme.session@1'],
  },
};

/** A kernel with one plugin, whose transform uses a session of this scope; and what happens to sessions. */
async function boot(scope: ServiceScope) {
  const log: string[] = [];
  const sessionRef = createServiceRef<Session>({ id: 'acme.session', major: 1, scope });
  let sessions = 0;
  const definition: PluginDefinition = {
    $$type: '@vp/plugin',
    version: 'v1',
    register(registrar) {
      registrar.provide(sessionRef, {
        create: () => {
          const number = ++sessions;
          log.push(`open ${number}`);
          return { number, [Symbol.dispose]: () => log.push(`close ${number}`) };
        },
      });
      registrar.contribute(points.store, 'memory', { create: () => createMemoryStore() });
      registrar.contribute(points.executor, 'simple', { create: () => simpleExecutor });
      registrar.contribute(points.transform, 'fn', {
        deps: { session: sessionRef },
        create: ({ deps }) => ({
          formats: () => ['rows'],
          async run({ asset }) {
            log.push(`${asset} in ${deps.session.number}`);
            return {};
          },
        }),
      });
    },
  };
  await writeFile(join(projectDir, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(projectDir, 'plugin.js'), '');
  const file = {
    values: { project: { name: 'shop' }, plugins: { acme: '^1.0.0' } },
    where: () => ({ text: 'vp.toml' }),
  };
  const kernel = await createKernel({
    projectDir,
    config: resolveConfig({ layers: configLayers({ file }) }),
    pluginDirectories: { acme: projectDir },
    pluginDefinitions: { acme: definition },
  });
  return { kernel, log };
}

const pipeline = pipelineOf([task('a'), task('b', ['a'])]);

test('a service of scope run is made once for each run, and closed when it ends', async () => {
  const { kernel, log } = await boot('run');
  for (let run = 0; run < 2; run += 1) {
    const { run: record } = await kernel.run({
      plan: await kernel.plan({ pipeline, force: true }),
      pipeline,
    });
    expect(record).toMatchObject({ status: 'succeeded' });
  }
  expect(log).toEqual(['open 1', 'a in 1', 'b in 1', 'close 1', 'open 2', 'a in 2', 'b in 2', 'close 2']);
  expect(await kernel.stop()).toEqual([]);
  expect(log).toHaveLength(8);
});

test('a service of the plugin outlives the run', async () => {
  const { kernel, log } = await boot('plugin');
  await kernel.run({ plan: await kernel.plan({ pipeline, force: true }), pipeline });
  expect(log).toEqual(['open 1', 'a in 1', 'b in 1']);
  await kernel.stop();
  expect(log.at(-1)).toBe('close 1');
});

test('what depends on a run is refused outside of one', async () => {
  const { kernel } = await boot('run');
  await expect(kernel.host.instance(points.transform, 'fn')).rejects.toMatchObject({
    code: 'VP_SERVICE_SCOPE',
  });
  await kernel.stop();
});
