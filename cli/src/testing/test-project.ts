import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configLayers, createKernel, type Kernel, resolveConfig } from '@vp/kernel';
import { loadProject } from '../project/index.ts';
import { linkedPlugins } from '../project/linked-plugins.ts';

/** A kernel with the plugins of the project around `from`, over an empty folder. */
export async function openTestKernel(from: string): Promise<AsyncDisposable & { readonly kernel: Kernel }> {
  const project = await loadProject({ from });
  // A test reaches no connection and alerts nobody.
  const { alerts: _, connections: __, ...values } = project.config.merged;
  const where = (path: readonly string[]) => project.config.place(path);
  const config = resolveConfig({ layers: configLayers({ file: { values, where } }) });
  const folder = await mkdtemp(join(tmpdir(), 'vp-test-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const kernel = await createKernel({
      projectDir: folder,
      config,
      logLevel: 'warn',
      installation: project.dir,
      pluginDirectories: linkedPlugins(project.dir),
      isolate: async () => (await import('@vp/isolation')).isolate,
    });
    return {
      kernel,
      async [Symbol.asyncDispose]() {
        const [first] = await kernel.stop();
        await remove();
        if (first !== undefined) throw first;
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
