import {
  type CallContext,
  type Clock,
  hooks,
  type JsonObject,
  type Logger,
  type PipelineSpec,
  type Plan,
  points,
  type Store,
} from '@vp/contracts';
import { createPartitionSelector } from '../assets/partition-selection.ts';
import type { PartitionSet } from '../assets/partition-spec.ts';
import { reach, selectAssets } from '../assets/selection.ts';
import type { PluginHost } from '../host.ts';
import { buildSteps } from './build-steps.ts';
import { loadCurrent } from './current.ts';
import type { ConfigDigest } from './definition.ts';
import { unfinishedSteps } from './from-failed.ts';
import { createId } from './ids.ts';
import { createPipelineModel, type PipelineModel } from './model.ts';
import { describePaths } from './paths.ts';
import { probeSources } from './probe-source.ts';

export interface PlannerDeps {
  readonly host: PluginHost;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly project: string;
  readonly environment?: string | undefined;
  readonly lockDigest?: string | undefined;
  /** A change of it makes the assets `changed` that are read or computed with it. */
  readonly configDigest?: ConfigDigest | undefined;
}

export interface PlanRequest {
  readonly pipeline: PipelineSpec;
  /** Selection words (see `selectAssets`); all assets when left out. */
  readonly select?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Runs everything that is selected, whether it changed or not. */
  readonly force?: boolean | undefined;
  /** `2001-03`, `2001-01..2001-06`, `latest`, `region=eu`; all when left out. */
  readonly partitions?: readonly string[] | undefined;
  /** Only what did not succeed in the last run, and what follows from it. */
  readonly fromFailed?: boolean | undefined;
  /** Whether to work out by which path data would move; on when left out. Sources are asked for it. */
  readonly paths?: boolean | undefined;
  /** Moves data in this format and no other, e.g. `rows`: to compare paths, or to go round a fault of one. */
  readonly format?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Works out what would run, and why. */
export interface Planner {
  /** The pipeline, checked. @throws VpError with all that is wrong with it */
  check(pipeline: PipelineSpec): PipelineModel;
  plan(request: PlanRequest): Promise<Plan>;
}

export function createPlanner(deps: PlannerDeps): Planner {
  const { host, clock, logger, configDigest } = deps;
  const check = (pipeline: PipelineSpec, now = clock.now()): PipelineModel =>
    createPipelineModel({ pipeline, host, now, configDigest });
  return {
    check: (pipeline) => check(pipeline),
    async plan(request) {
      const now = clock.now();
      const model = check(request.pipeline, now);
      const selected = selectAssets(model.graph, {
        select: request.select ?? [],
        exclude: request.exclude ?? [],
      });
      const partitions = selectPartitions(model, selected, request.partitions ?? []);
      const signal = request.signal ?? new AbortController().signal;
      const context: CallContext = { signal, logger, progress: () => undefined };
      const store: Store = await host.instance(points.store, host.bound('store'));
      const only =
        request.fromFailed === true ? withDownstream(model, await unfinishedSteps(store)) : undefined;
      const concerned = [
        ...new Set(selected.flatMap((name) => [name, ...(model.graph.nodes.get(name)?.upstream ?? [])])),
      ];
      const [{ current }, sources] = await Promise.all([
        loadCurrent({ model, host, store, assets: concerned }),
        probeSources({ model, host, context, assets: selected, partitions }),
      ]);
      const force = request.force ?? false;
      const built = await buildSteps({
        model,
        host,
        context,
        selected,
        partitions,
        only,
        force,
        asked: request.partitions ?? [],
        current,
        sources,
      });
      const steps =
        request.paths === false
          ? built
          : await describePaths({ model, host, context, steps: built, force: request.format });
      const plan: Plan = {
        id: createId(now),
        createdAt: now,
        project: deps.project,
        ...(deps.environment === undefined ? {} : { environment: deps.environment }),
        ...(deps.lockDigest === undefined ? {} : { lockDigest: deps.lockDigest }),
        steps,
        metadata: metadataOf(request),
      };
      return host.call(hooks.planBuilt, plan, signal);
    },
  };
}

/** What was asked for, as the command line would say it. */
function metadataOf(request: PlanRequest): JsonObject {
  const words = [
    ...(request.select ?? []),
    ...(request.exclude ?? []).map((word) => `--exclude ${word}`),
    ...(request.partitions ?? []).map((text) => `--partition ${text}`),
    ...(request.force === true ? ['--force'] : []),
    ...(request.fromFailed === true ? ['--from-failed'] : []),
    ...(request.format === undefined ? [] : [`--format ${request.format}`]),
  ];
  return {
    selection: words.join(' '),
    ...(request.format === undefined ? {} : { format: request.format }),
  };
}

function selectPartitions(
  model: PipelineModel,
  selected: readonly string[],
  texts: readonly string[],
): (asset: string) => PartitionSet['partitions'] | undefined {
  const sets = selected.flatMap((asset) => model.partitions(asset) ?? []);
  const selector = createPartitionSelector(texts, sets);
  return (asset) => {
    const set = model.partitions(asset);
    return set === undefined ? undefined : selector(set);
  };
}

/** Step ids, with the names of the assets downstream of them: their steps belong too. */
function withDownstream(
  model: PipelineModel,
  steps: ReadonlySet<string>,
): { readonly steps: ReadonlySet<string>; readonly assets: ReadonlySet<string> } {
  const assets = new Set<string>();
  for (const step of steps) {
    const asset = step.split('@')[0] ?? step;
    for (const name of model.graph.nodes.get(asset)?.downstream ?? []) assets.add(name);
  }
  return { steps, assets: reach(assets, (name) => model.graph.nodes.get(name)?.downstream ?? []) };
}
