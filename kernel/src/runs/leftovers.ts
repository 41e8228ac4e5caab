import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown, type Engine, type Logger, type Paths, points, type Store } from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { scratchName } from '../steps/scratch.ts';

/**
 * Removes what dead runs have staged. Called with the run lock held, so that temporary files of steps
 * are nobody's; engines tell by themselves what in theirs is, and are asked when there may be some.
 * What cannot be removed is reported and stays for the next run.
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
  const names = existsSync(tmp) ? await readdir(tmp) : [];
  for (const name of names.filter((name) => scratchName.test(name))) {
    await attempt(tmp, () => rm(join(tmp, name), { recursive: true, force: true }));
  }
  const [last] = await store.runs({ limit: 1 });
  // A process may also die after its run was recorded as done.
  const isSuspicious = names.some((name) => !scratchName.test(name) && !isCrashDump(name));
  if (last?.status !== 'crashed' && !isSuspicious) return;
  for (const id of engines) {
    await attempt(`engine ${id}`, async () => {
      const engine: Engine = await host.instance(points.engine, id);
      // Staged data only: how many snapshots to keep is the engine's own business.
      const removed = await engine.collectGarbage({ keep: Number.MAX_SAFE_INTEGER });
      if (removed.length > 0) logger.debug(`Removed what a dead run had staged: ${removed.join(', ')}`);
    });
  }
}

const isCrashDump = (name: string): boolean => name.startsWith('crash-') && name.endsWith('.json');
