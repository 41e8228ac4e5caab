import { type CallContext, describeThrown, points, type Source } from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { concurrently } from './concurrently.ts';
import type { PipelineModel } from './model.ts';

/** What a source says about its present content. */
export interface SourceState {
  readonly version: string | undefined;
  readonly problem?: string;
}

/** Asks at most so many sources at a time: servers count connections. */
const parallelism = 16;

/** Asks the sources of these assets for the version of their content. A source that fails is unknown. */
export async function probeSources(init: {
  readonly model: PipelineModel;
  readonly host: PluginHost;
  readonly context: CallContext;
  readonly assets: readonly string[];
}): Promise<ReadonlyMap<string, SourceState>> {
  const { model, host, context } = init;
  const sourced = init.assets.filter((asset) => model.spec(asset).compute.kind === 'source');
  const states = new Map<string, SourceState>();
  await concurrently(sourced, parallelism, async (asset) => {
    const { compute } = model.spec(asset);
    if (compute.kind !== 'source') return;
    try {
      const source: Source = await host.instance(points.source, compute.use, compute.connection);
      states.set(asset, { version: await source.version?.({ options: compute.options }, context) });
    } catch (error) {
      context.signal.throwIfAborted();
      const reason = describeThrown(error);
      context.logger.debug(`The source of ${asset} did not say what it holds: ${reason}`);
      states.set(asset, { version: undefined, problem: `the source could not be asked: ${reason}` });
    }
  });
  return states;
}
