import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeThrown,
  type Engine,
  type Logger,
  type Paths,
  type PipelineSpec,
  type Plan,
  points,
  type Sink,
  type Store,
} from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { scratchName } from '../steps/scratch.ts';

/**
 * Removes what dead runs have staged. Called with the run lock held, so that temporary files of steps
 * are nobody's; engines and sinks know what of theirs is, and are asked when there may be some.
 * What cannot be removed is reported and stays for the next run.
 */
export async function removeLeftovers(request: {
  readonly host: PluginHost;
  readonly store: Store;
  readonly paths: Paths;
  readonly logger: Logger;
  readonly plan: Plan;
  readonly pipeline: PipelineSpec;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { host, store, paths, logger, plan, pipeline, signal } = request;
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
  for (const id of new Set(plan.steps.flatMap(({ engine }) => engine ?? []))) {
    await attempt(`engine ${id}`, async () => {
      const engine: Engine = await host.instance(points.engine, id);
      // Staged data only: how many snapshots to keep is the engine's own business.
      const removed = await engine.collectGarbage({ keep: Number.MAX_SAFE_INTEGER });
      if (removed.length > 0) logger.debug(`Removed what a dead run had staged: ${removed.join(', ')}`);
    });
  }
  if (last?.status !== 'crashed') return;
  // A sink recovers by itself when it is written to; what is up to date is not.
  const publishes = new Map(pipeline.publish.map((publish) => [publish.name, publish]));
  for (const { id, publish: name, partition } of plan.steps) {
    const publish = name === undefined ? undefined : publishes.get(name);
    if (publish === undefined) continue;
    await attempt(`the destination of ${id}`, async () => {
      const sink: Sink = await host.instance(points.sink, publish.use, publish.connection);
      const request = { options: publish.options, ...(partition === undefined ? {} : { partition }) };
      await sink.recover?.(request, { signal, logger, progress: () => undefined });
    });
  }
}

const isCrashDump = (name: string): boolean => name.startsWith('crash-') && name.endsWith('.json');
