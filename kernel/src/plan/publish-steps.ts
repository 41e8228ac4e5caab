import type { PlanReason, PlanStep, PublishSpec } from '@vp/contracts';
import type { Partition } from '../assets/partition-spec.ts';
import type { BuildRequest } from './build-steps.ts';
import { concurrently } from './concurrently.ts';
import { errors } from './errors.ts';
import { publishStepId, stepIdOf } from './model.ts';
import { probeSink } from './probe-sink.ts';
import { decide } from './reason.ts';

/** A step whose reason may still have to be asked for. */
export interface Draft {
  step: PlanStep;
  /** For publishes whose reason the destination decides. */
  readonly ask?: { readonly publish: PublishSpec; readonly inputs: Readonly<Record<string, string>> };
}

interface PublishRequest {
  readonly request: BuildRequest;
  readonly publish: PublishSpec;
  readonly planned: ReadonlyMap<string, PlanStep>;
}

/** The steps of a publish: one, or one for each partition when its options tell partitions apart. */
export function draftPublish(init: PublishRequest): readonly Draft[] {
  const { request, publish, planned } = init;
  const { model, only } = request;
  const { asset } = publish;
  const apart = model.publishesApart(publish.name);
  const partitions: readonly (Partition | undefined)[] = apart
    ? (request.partitions(asset) ?? [])
    : [undefined];
  return partitions.flatMap((partition) => {
    const id = publishStepId(publish.name, partition?.text);
    const all = model.partitions(asset)?.partitions ?? [undefined];
    const reads = (partition === undefined ? all : [partition]).map((p) => stepIdOf(asset, p?.text));
    const dependsOn = reads.filter((step) => planned.has(step));
    if (only !== undefined && !only.steps.has(id) && dependsOn.length === 0) return [];
    return [draftStep({ ...init, id, partition, reads, dependsOn })];
  });
}

function draftStep(
  init: PublishRequest & {
    readonly id: string;
    readonly partition: Partition | undefined;
    readonly reads: readonly string[];
    readonly dependsOn: readonly string[];
  },
): Draft {
  const { request, publish, planned, id, partition, reads, dependsOn } = init;
  const { model, current, force } = request;
  const { asset, name, policy } = publish;
  const definition = model.publishDefinition(name);
  const inputs: Record<string, string> = {};
  for (const step of reads) {
    const version = current.get(step)?.version;
    if (version !== undefined) inputs[step] = version;
  }
  const upstream = dependsOn.filter((step) => planned.get(step)?.action === 'run');
  if (Object.keys(inputs).length === 0 && upstream.length === 0) {
    throw errors.VP_PLAN_INPUT_MISSING({ step: id, input: asset, asset, partitions: request.asked });
  }
  const reason = decide({ definition, current: current.get(id), inputs, upstream, force });
  const engine = model.engine(asset);
  const step: PlanStep = {
    id,
    kind: 'publish',
    asset,
    ...(partition === undefined ? {} : { partition: partition.key }),
    publish: name,
    dependsOn,
    action: 'run',
    reason,
    ...(engine === undefined ? {} : { engine }),
    definition: definition.hash,
    definitionParts: definition.parts,
    ...policy,
  };
  const isSettled = force || upstream.length > 0 || reason.code === 'changed';
  return isSettled ? { step } : { step, ask: { publish, inputs } };
}

/** Asks the destinations of publishes that look as if there were nothing to do, or as if they were new. */
export async function settlePublishes(request: BuildRequest, drafts: readonly Draft[]): Promise<void> {
  const { host, context, current } = request;
  const asked = drafts.filter((draft) => draft.ask !== undefined);
  await concurrently(asked, 16, async (draft) => {
    const { step, ask } = draft;
    if (ask === undefined) return;
    const { partition } = step;
    const record = current.get(step.id);
    const state = await probeSink({ publish: ask.publish, partition, host, context, record });
    const reason: PlanReason =
      state.kind === 'unknown'
        ? { code: 'unknown', text: state.problem }
        : decide({
            definition: { hash: step.definition, parts: step.definitionParts },
            current: state.current,
            inputs: ask.inputs,
            upstream: [],
            force: false,
          });
    draft.step = { ...step, reason, action: reason.code === 'fresh' ? 'skip' : 'run' };
  });
}
