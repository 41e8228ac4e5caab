import { isVpError, points, type VpError } from '@vp/contracts';
import { createInstalled } from './installed.ts';

export const plugin = 'node_modules/zoo-healthy';

const dep = { version: '2.0.0', files: { 'index.js': 'export const two = 2;', 'lib/a.js': 'export {};' } };

/** A plugin of the zoo that works, over two packages. */
export const createHealthy = () =>
  createInstalled({
    zoo: ['healthy'],
    packages: { 'node_modules/dep': dep, 'node_modules/dep/node_modules/inner': dep },
    closure: ['node_modules/dep', 'node_modules/dep/node_modules/inner'],
  });

type Installed = ReturnType<typeof createInstalled>;

/** Boots, uses the plugin, and gives what it was refused with. */
export async function refusalOf(
  installed: Installed,
  more: Parameters<Installed['boot']>[0] = {},
): Promise<VpError | undefined> {
  const kernel = await installed.boot(more);
  try {
    await kernel.host.instance(points.alerter, 'healthy');
    return undefined;
  } catch (error) {
    if (isVpError(error)) return error;
    throw error;
  } finally {
    await kernel.stop();
  }
}
