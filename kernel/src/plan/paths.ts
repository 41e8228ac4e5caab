import { type CallContext, describeThrown, type PlanStep, points, type Source } from '@vp/contracts';
import { fillPartition } from '../assets/source-partition.ts';
import { engineFormats, formatsOf } from '../contribution-facts.ts';
import type { PluginHost } from '../host.ts';
import { concurrently } from './concurrently.ts';
import type { PipelineModel } from './model.ts';
import { describePath, negotiate } from './negotiate.ts';

interface PathRequest {
  readonly model: PipelineModel;
  readonly host: PluginHost;
  readonly context: CallContext;
  readonly force: string | undefined;
}

/** The steps that run, each with the path that its data would take. */
export async function describePaths(
  request: PathRequest & { readonly steps: readonly PlanStep[] },
): Promise<readonly PlanStep[]> {
  const byAsset = new Map<string, Promise<string | undefined>>();
  const described = await concurrently(request.steps, 16, async (step): Promise<PlanStep> => {
    if (step.action !== 'run') return step;
    const key = step.publish === undefined ? step.asset : step.id;
    const found = byAsset.get(key) ?? pathOf(step, request);
    byAsset.set(key, found);
    const path = await found;
    return path === undefined ? step : { ...step, path };
  });
  return described;
}

async function pathOf(
  step: PlanStep,
  { model, host, context, force }: PathRequest,
): Promise<string | undefined> {
  const { engine } = step;
  if (engine === undefined) return undefined;
  const { accepts, offers } = engineFormats(host.contribution('engine', engine));
  if (step.publish !== undefined) {
    const { use } = model.publish(step.publish);
    const format = negotiate({
      from: engine,
      offers,
      to: use,
      accepts: formatsOf(host.contribution('sink', use)),
      force,
    });
    return describePath(engine, format, use);
  }
  const { compute, inputs } = model.spec(step.asset);
  if (compute.kind === 'sql') return `${engine} sql (native)`;
  const info = host.contribution(compute.kind, compute.use);
  if (compute.kind === 'transform') {
    const format = negotiate({ from: engine, offers, to: compute.use, accepts: formatsOf(info), force });
    return inputs.length === 0
      ? `${compute.use} -> ${engine}`
      : `${describePath(engine, format, compute.use)} -> ${engine}`;
  }
  const streams = await discoverFormats(step, { model, host, context, force });
  const format = negotiate({
    from: compute.use,
    offers: streams ?? formatsOf(info),
    to: engine,
    accepts,
    force,
  });
  return describePath(compute.use, format, engine);
}

/** Formats of the stream itself: a source offers more in its manifest than each of its streams has. */
async function discoverFormats(
  step: PlanStep,
  { model, host, context }: PathRequest,
): Promise<readonly string[] | undefined> {
  const { compute } = model.spec(step.asset);
  if (compute.kind !== 'source') return undefined;
  try {
    const source: Source = await host.instance(points.source, compute.use, compute.connection);
    const options = fillPartition(compute.options, step.partition);
    const [stream] = await source.discover({ options }, context);
    return stream?.formats;
  } catch (error) {
    context.signal.throwIfAborted();
    context.logger.debug(`The path of ${step.id} is a guess: ${describeThrown(error)}`);
    return undefined;
  }
}
