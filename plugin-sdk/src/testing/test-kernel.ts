import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, ExtensionPoint, PluginDefinition, VpEvent } from '@vp/contracts';
import type { Manifest } from '@vp/contracts/manifest';
import { configLayers, createKernel, type Kernel, resolveConfig } from '@vp/kernel';

/** A plugin that is given by its definition, with the manifest that its package.json would have. */
export interface InlinePlugin {
  /** Package name; `test-plugin`, numbered, when left out. */
  readonly name?: string;
  readonly version?: string;
  /** The `vp` field. What every manifest has is filled in. */
  readonly manifest?: Partial<Manifest>;
  readonly definition: PluginDefinition;
}

/** What a {@link TestKernel} is made from. */
export interface TestKernelInit {
  /** Plugins: their definitions, or the folders of their packages (built). All they ask for is granted. */
  readonly plugins: readonly (InlinePlugin | string)[];
  /** What would stand in vp.toml beside the plugins: `{ engine: { duckdb: { memory_limit: '1GB' } } }`. */
  readonly config?: { readonly [section: string]: unknown };
  /** The service `vp.clock`, e.g. `fakeClock()`. */
  readonly clock?: Clock;
}

/** A real kernel over a project in a temporary folder. */
export interface TestKernel extends Kernel, AsyncDisposable {
  readonly projectDir: string;
  /** All events so far. */
  readonly seen: readonly VpEvent[];
  /** The instance of a contribution, as the host would make it. */
  instance<T>(point: ExtensionPoint<T>, id: string, connection?: string): Promise<T>;
}

/**
 * Boots a real kernel, with nothing faked but what is given, in a project folder of its own. Stops
 * the kernel and removes the folder when disposed; an error of a plugin's stop is thrown then.
 *
 * @example
 * ```ts
 * import { type Alerter, definePlugin, points } from '@vp/plugin-sdk';
 * import { createTestKernel, testContext } from '@vp/plugin-sdk/testing';
 * const definition = definePlugin({
 *   register(registrar) {
 *     registrar.contribute(points.alerter, 'quiet', { create: (): Alerter => ({ async send() {} }) });
 *   },
 * });
 * await using kernel = await createTestKernel({
 *   plugins: [{ definition, manifest: { contributes: { alerters: [{ id: 'quiet', contract: 'alerter@1' }] } } }],
 * });
 * const alerter = await kernel.instance(points.alerter, 'quiet');
 * await alerter.send([], testContext());
 * ```
 */
export async function createTestKernel(init: TestKernelInit): Promise<TestKernel> {
  const projectDir = await mkdtemp(join(tmpdir(), 'vp-test-'));
  const remove = () => rm(projectDir, { recursive: true, force: true });
  try {
    const plugins = await Promise.all(init.plugins.map((plugin, i) => placePlugin(projectDir, plugin, i)));
    const granted = plugins.map(({ name }) => [name, { version: '*', grants: 'all' }]);
    const values = { project: { name: 'test' }, ...init.config, plugins: Object.fromEntries(granted) };
    const where = (path: readonly string[]) => ({ text: `the test's config, ${path.join('.')}` });
    const kernel = await createKernel({
      projectDir,
      config: resolveConfig({ layers: configLayers({ file: { values, where } }) }),
      pluginDirectories: Object.fromEntries(plugins.map(({ name, directory }) => [name, directory])),
      pluginDefinitions: Object.fromEntries(
        plugins.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition]])),
      ),
      ...(init.clock === undefined ? {} : { clock: init.clock }),
    });
    const seen: VpEvent[] = [];
    kernel.events.subscribe((event) => seen.push(event));
    return {
      ...kernel,
      projectDir,
      seen,
      instance: (point, id, connection) => kernel.host.instance(point, id, connection),
      async [Symbol.asyncDispose]() {
        const errors = await kernel.stop();
        await remove();
        if (errors.length === 1) throw errors[0];
        if (errors.length > 1) throw new AggregateError(errors, 'several plugins failed to stop');
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Placed {
  readonly name: string;
  readonly directory: string;
  readonly definition?: PluginDefinition;
}

async function placePlugin(
  projectDir: string,
  plugin: InlinePlugin | string,
  index: number,
): Promise<Placed> {
  if (typeof plugin === 'string') {
    const { name } = JSON.parse(readFileSync(join(plugin, 'package.json'), 'utf8'));
    return { name, directory: plugin };
  }
  const { name = `test-plugin-${index + 1}`, version = '1.0.0', manifest, definition } = plugin;
  const directory = join(projectDir, '.plugins', String(index));
  const vp: Manifest = { manifestVersion: 1, entry: './plugin.js', ...manifest };
  const engines = { node: '>=24', vp: '^1.0.0' };
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name, version, type: 'module', engines, vp }),
  );
  return { name, directory, definition };
}
