import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configLayers, createKernel, type Kernel, resolveConfig } from '@vp/kernel';
import { loadProject } from '../project/index.ts';

/** A kernel with the plugins of the project around `from`, over an empty folder. */
export async function openTestKernel(from: string): Promise<AsyncDisposable & { readonly kernel: Kernel }> {
  const project = await loadProject({ from });
  // A test reaches no connection and alerts nobody.
  const { alerts: _, connections: __, ...values } = project.config.merged;
  const where = (path: readonly string[]) => project.config.place(path);
  const config = resolveConfig({ layers: configLayers({ file: { values, where } }) });
  const names = Object.keys(config.values.plugins);
  const directories = names.flatMap((name) => {
    const directory = packageFolder(project.dir, name);
    return directory === undefined ? [] : [[name, directory]];
  });
  const folder = await mkdtemp(join(tmpdir(), 'vp-test-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const kernel = await createKernel({
      projectDir: folder,
      config,
      logLevel: 'warn',
      pluginDirectories: Object.fromEntries(directories),
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

function packageFolder(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (hasManifest(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

function hasManifest(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'package.json')).length > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw error;
  }
}
