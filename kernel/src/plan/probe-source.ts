import { type CallContext, describeThrown, points, type Source } from '@vp/contracts';
import type { Partition } from '../assets/partition-spec.ts';
import { fillPartition, readsApart } from '../assets/source-partition.ts';
import type { PluginHost } from '../host.ts';
import { concurrently } from './concurrently.ts';
import { type PipelineModel, stepIdOf } from './model.ts';

/** What a source says about its present content. */
export interface SourceState {
  readonly version: string | undefined;
  readonly problem?: string;
}

/** Asks at most so many sources at a time: servers count connections. */
const parallelism = 16;

/**
 * Asks the sources of these assets for the version of their content, by asset; by step where each
 * partition reads something of its own. A source that fails is unknown.
 */
export async function probeSources(init: {
  readonly model: PipelineModel;
  readonly host: PluginHost;
  readonly context: CallContext;
  readonly assets: readonly string[];
  readonly partitions: (asset: string) => readonly Partition[] | undefined;
}): Promise<ReadonlyMap<string, SourceState>> {
  const { model, host, context } = init;
  const questions = init.assets.flatMap((asset) => {
    const { compute, partitions } = model.spec(asset);
    if (compute.kind !== 'source') return [];
    const apart = readsApart(compute.options, partitions) ? (init.partitions(asset) ?? []) : [undefined];
    return apart.map((partition) => ({
      id: stepIdOf(asset, partition?.text),
      compute,
      options: fillPartition(compute.options, partition?.key),
    }));
  });
  const states = new Map<string, SourceState>();
  await concurrently(questions, parallelism, async ({ id, compute, options }) => {
    try {
      const source: Source = await host.instance(points.source, compute.use, compute.connection);
      states.set(id, { version: await source.version?.({ options }, context) });
    } catch (error) {
      context.signal.throwIfAborted();
      const reason = describeThrown(error);
      context.logger.debug(`The source of ${id} did not say what it holds: ${reason}`);
      states.set(id, { version: undefined, problem: `the source could not be asked: ${reason}` });
    }
  });
  return states;
}
