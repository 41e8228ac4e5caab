import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown, type Engine, type Logger, type Paths, points, type Store } from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { scratchName } from '../steps/scratch.ts';

/**
 * Removes what dead runs have staged: temporary files of steps always, those of engines when the
 * last run crashed. Called with the run lock held, so nobody alive owns any of it. What cannot be
 * removed is reported and stays for the next run.
 */
export async function removeLeftovers(request: {
  readonly host: PluginHost;
  readonly store: Store;
  readonly paths: Paths;
  readonly logger: Logger;
  readonly engines: readonly string[];
}): Promise<void> {
  const { host, store, paths, logger, engines } = request;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn(`What a dead run left behind in ${what} was not removed: ${describeThrown(error)}`);
    }
  };
  const tmp = join(paths.state, 'tmp');
  await attempt(tmp, async () => {
    for (const name of existsSync(tmp) ? await readdir(tmp) : []) {
      if (scratchName.test(name)) await rm(join(tmp, name), { recursive: true, force: true });
    }
  });
  const [last] = await store.runs({ limit: 1 });
  if (last?.status !== 'crashed') return;
  for (const id of engines) {
    await attempt(`engine ${id}`, async () => {
      const engine: Engine = await host.instance(points.engine, id);
      // Staged data only: how many snapshots to keep is the engine's own business.
      const removed = await engine.collectGarbage({ keep: Number.MAX_SAFE_INTEGER });
      if (removed.length > 0) logger.debug(`Removed what a dead run had staged: ${removed.join(', ')}`);
    });
  }
}
