import type { CallContext, PlanStep } from '@vp/contracts';
import { errors as assetErrors } from '../assets/errors.ts';
import { relatedAssets } from '../assets/graph.ts';
import { createPartitionSelector } from '../assets/partition-selection.ts';
import type { Partition } from '../assets/partition-spec.ts';
import type { PluginHost } from '../host.ts';
import type { Current } from './current.ts';
import { errors } from './errors.ts';
import { type InputNeed, type PipelineModel, stepIdOf } from './model.ts';
import type { SourceState } from './probe-source.ts';
import { type Draft, draftPublish, settlePublishes } from './publish-steps.ts';
import { decide } from './reason.ts';

export interface BuildRequest {
  readonly model: PipelineModel;
  readonly host: PluginHost;
  readonly context: CallContext;
  readonly selected: readonly string[];
  readonly partitions: (asset: string) => readonly Partition[] | undefined;
  /** When given: only these steps, and all steps of these assets. */
  readonly only: { readonly steps: ReadonlySet<string>; readonly assets: ReadonlySet<string> } | undefined;
  /** Texts of `--partition`. */
  readonly asked: readonly string[];
  readonly force: boolean;
  readonly current: ReadonlyMap<string, Current>;
  readonly sources: ReadonlyMap<string, SourceState>;
}

/** The steps of a plan, in topological order, each with its reason. */
export async function buildSteps(request: BuildRequest): Promise<readonly PlanStep[]> {
  const { model, selected, only } = request;
  const drafts: Draft[] = [];
  /** Steps of this plan by asset, with whether they run. */
  const planned = new Map<string, PlanStep>();
  const stepsOf = new Map<string, readonly string[]>();

  for (const asset of selected) {
    const ids: string[] = [];
    for (const partition of request.partitions(asset) ?? [undefined]) {
      const id = stepIdOf(asset, partition?.text);
      if (only !== undefined && !only.steps.has(id) && !only.assets.has(asset)) continue;
      const step = assetStep({ request, asset, id, partition, planned, stepsOf });
      planned.set(id, step);
      ids.push(id);
      drafts.push({ step });
    }
    stepsOf.set(asset, ids);
    for (const publish of model.graph.nodes.get(asset)?.publishes ?? []) {
      drafts.push(...draftPublish({ request, publish, planned }));
    }
  }

  await settlePublishes(request, drafts);
  return drafts.map((draft) => draft.step);
}

/** What the inputs are now, and which of them this plan computes. */
function lookAt(
  needs: readonly InputNeed[],
  request: BuildRequest,
  planned: ReadonlyMap<string, PlanStep>,
  reader: { readonly id: string; readonly asset: string },
) {
  const inputs: Record<string, string> = {};
  const upstream: string[] = [];
  const dependsOn = new Set<string>();
  for (const need of needs) {
    let found = 0;
    for (const id of need.steps) {
      const step = planned.get(id);
      const version = request.current.get(id)?.version;
      if (step !== undefined) dependsOn.add(id);
      if (step?.action === 'run') upstream.push(id);
      if (version !== undefined) inputs[id] = version;
      if (version !== undefined || step?.action === 'run') found += 1;
      else if (need.complete) {
        throw inputMissing({ need, missing: id, request, planned, reader });
      }
    }
    if (found > 0) continue;
    const { asset } = need.input;
    if (need.steps.length === 0 && need.mayBeEmpty) {
      const source = columnsOf(need, request, planned);
      if (source === undefined) throw errors.VP_PLAN_WINDOW_EMPTY({ step: reader.id, input: asset });
      for (const id of source) dependsOn.add(id);
      continue;
    }
    if (need.steps.length === 0 && need.complete) {
      const partition = reader.id.slice(reader.asset.length + 1);
      throw assetErrors.VP_PARTITION_UNMAPPED(
        { asset: reader.asset, partition, input: asset },
        { at: request.model.spec(reader.asset).origin },
      );
    }
    throw errors.VP_PLAN_INPUT_MISSING({
      step: reader.id,
      input: asset,
      asset: reader.asset,
      partitions: request.asked,
    });
  }
  return { inputs, upstream, dependsOn };
}

/** What has to come first for the columns of an empty input to be known; `undefined` when nothing tells them. */
function columnsOf(
  need: InputNeed,
  { model, current }: BuildRequest,
  planned: ReadonlyMap<string, PlanStep>,
): readonly string[] | undefined {
  const { asset } = need.input;
  if (need.spec.schema !== undefined || need.spec.materialize === 'none') return [];
  const steps = (model.partitions(asset)?.partitions ?? []).map(({ text }) => stepIdOf(asset, text));
  if (steps.some((id) => current.has(id))) return [];
  const first = steps.find((id) => planned.has(id));
  return first === undefined ? undefined : [first];
}

/** The command that computes what is missing: the same partitions with all upstream, or those of the input. */
function inputMissing(facts: {
  readonly need: InputNeed;
  readonly missing: string;
  readonly request: BuildRequest;
  readonly planned: ReadonlyMap<string, PlanStep>;
  readonly reader: { readonly id: string; readonly asset: string };
}) {
  const { need, request, planned, reader } = facts;
  const { asset: input } = need.input;
  const step = { step: reader.id, input: facts.missing };
  const isThere = (id: string): boolean => request.current.has(id) || planned.has(id);
  const texts = (need.partitions ?? [])
    .map(({ text }) => text)
    .filter((text) => !isThere(stepIdOf(input, text)));
  const { model, asked } = request;
  const sets = [...model.graph.nodes.keys()].flatMap((asset) => model.partitions(asset) ?? []);
  const set = model.partitions(input);
  const selected = set === undefined ? [] : createPartitionSelector(asked, sets)(set);
  const chosen = new Set(selected.map(({ text }) => text));
  if (texts.every((text) => chosen.has(text))) {
    return errors.VP_PLAN_INPUT_MISSING({ ...step, asset: reader.asset, partitions: asked });
  }
  return errors.VP_PLAN_PARTITION_MISSING({ ...step, asset: input, partitions: texts });
}

function assetStep(init: {
  readonly request: BuildRequest;
  readonly asset: string;
  readonly id: string;
  readonly partition: Partition | undefined;
  readonly planned: ReadonlyMap<string, PlanStep>;
  readonly stepsOf: ReadonlyMap<string, readonly string[]>;
}): PlanStep {
  const { request, asset, id, partition, planned, stepsOf } = init;
  const { model, current, sources, force } = request;
  const spec = model.spec(asset);
  const definition = model.assetDefinition(asset);
  const needs = model.needs(asset, partition?.key);
  const { inputs, upstream, dependsOn } = lookAt(needs, request, planned, { id, asset });
  // Checks compare with these: they only have to be up to date before.
  for (const related of spec.checks.length === 0 ? [] : relatedAssets(spec)) {
    for (const step of stepsOf.get(related) ?? []) dependsOn.add(step);
  }
  const source =
    spec.compute.kind === 'source'
      ? (sources.get(id) ?? sources.get(asset) ?? { version: undefined })
      : undefined;
  const reason = decide({ definition, current: current.get(id), inputs, upstream, force, source });
  const engine = model.engine(asset);
  return {
    id,
    kind: 'materialize',
    asset,
    ...(partition === undefined ? {} : { partition: partition.key }),
    dependsOn: [...dependsOn],
    action: reason.code === 'fresh' ? 'skip' : 'run',
    reason,
    ...(engine === undefined ? {} : { engine }),
    definition: definition.hash,
    definitionParts: definition.parts,
    ...spec.policy,
  };
}
