import type { AssetInput, AssetSpec, PartitionKey, PipelineSpec, PublishSpec } from '@vp/contracts';
import { errors as assetErrors } from '../assets/errors.ts';
import { type AssetGraph, buildGraph } from '../assets/graph.ts';
import { mapPartition, sharesStatics } from '../assets/partition-mapping.ts';
import { enumeratePartitions, type Partition, type PartitionSet } from '../assets/partition-spec.ts';
import { createRuleBook, type RuleBook } from '../assets/rules.ts';
import { createSpecValidator } from '../assets/validate.ts';
import type { PluginHost } from '../host.ts';
import { type ConfigDigest, createDefiner, type Definition } from './definition.ts';

/** More than a plan can hold, and more than anybody means. */
const partitionLimit = 100_000;

/** An input of a step, and which of its partitions the step needs. */
export interface InputNeed {
  readonly input: AssetInput;
  readonly spec: AssetSpec;
  /** Step ids of what is needed: `orders`, `flights@date=2001-03`. */
  readonly steps: readonly string[];
  /** The partitions, when the input has any. */
  readonly partitions?: readonly Partition[];
  /** Whether each one must be there, or those that are there make up the input. */
  readonly complete: boolean;
  /** Whether there may be none: a window can lie wholly before the first partition, or after the last. */
  readonly mayBeEmpty: boolean;
}

/** A pipeline as planner and steps see it: checked, and with what follows from it worked out once. */
export interface PipelineModel {
  readonly graph: AssetGraph;
  readonly rules: RuleBook;
  spec(asset: string): AssetSpec;
  publish(name: string): PublishSpec;
  partitions(asset: string): PartitionSet | undefined;
  /** Contribution id of the engine that holds the asset; none for assets without data. */
  engine(asset: string): string | undefined;
  assetDefinition(asset: string): Definition;
  publishDefinition(name: string): Definition;
  /** Whether each partition is published by itself: `{partition}` stands somewhere in the options. */
  publishesApart(name: string): boolean;
  needs(asset: string, key: PartitionKey | undefined): readonly InputNeed[];
}

export const stepIdOf = (asset: string, partition?: string): string =>
  partition === undefined ? asset : `${asset}@${partition}`;

export const publishStepId = (name: string, partition?: string): string =>
  stepIdOf(`publish:${name}`, partition);

function memo<V>(make: (key: string) => V): (key: string) => V {
  const made = new Map<string, { readonly value: V }>();
  return (key) => {
    let entry = made.get(key);
    if (entry === undefined) {
      entry = { value: make(key) };
      made.set(key, entry);
    }
    return entry.value;
  };
}

/** @throws VpError when the pipeline is not sound */
export function createPipelineModel(init: {
  readonly pipeline: PipelineSpec;
  readonly host: PluginHost;
  /** Open time partitions end here. */
  readonly now: number;
  readonly configDigest?: ConfigDigest | undefined;
}): PipelineModel {
  const { pipeline, host, now } = init;
  const rules = createRuleBook(host);
  const graph = buildGraph(pipeline, createSpecValidator(host, rules));
  const definer = createDefiner({ host, rules, configDigest: init.configDigest });
  const publishes = new Map(pipeline.publish.map((publish) => [publish.name, publish]));

  const spec = (asset: string): AssetSpec => {
    const node = graph.nodes.get(asset);
    if (node === undefined) {
      throw assetErrors.VP_ASSET_UNKNOWN({ name: asset, where: 'A step', suggestion: '' });
    }
    return node.spec;
  };
  const publish = (name: string): PublishSpec => {
    const found = publishes.get(name);
    if (found === undefined) {
      throw assetErrors.VP_ASSET_UNKNOWN({ name, where: 'A publish step', suggestion: '' });
    }
    return found;
  };
  let bound: string | undefined;
  const engine = (asset: string): string | undefined => {
    const { materialize, engine: own } = spec(asset);
    if (materialize === 'none') return undefined;
    if (own !== undefined) return own;
    bound ??= host.bound('engine');
    return bound;
  };
  const partitions = memo((asset) => {
    const { partitions: wanted } = spec(asset);
    if (wanted === undefined) return undefined;
    const set = enumeratePartitions(wanted, now, partitionLimit);
    if (set === undefined) throw assetErrors.VP_PARTITIONS_TOO_MANY({ asset, limit: partitionLimit });
    return set;
  });

  function need(asset: string, key: PartitionKey | undefined, input: AssetInput): InputNeed {
    const upstream = spec(input.asset);
    const set = partitions(input.asset);
    if (set === undefined) {
      return { input, spec: upstream, steps: [input.asset], complete: true, mayBeEmpty: false };
    }
    const mapping = input.partitions ?? { kind: 'same' };
    const mapped = mapPartition({ key, of: partitions(asset), input: set, mapping });
    return {
      input,
      spec: upstream,
      partitions: mapped,
      steps: mapped.map((partition) => stepIdOf(input.asset, partition.text)),
      complete: key !== undefined && mapping.kind !== 'all',
      mayBeEmpty:
        key !== undefined &&
        mapping.kind === 'window' &&
        sharesStatics({ key, of: partitions(asset), input: set }),
    };
  }

  return {
    graph,
    rules,
    spec,
    publish,
    partitions,
    engine,
    assetDefinition: memo((asset) => definer.asset(spec(asset), engine(asset))),
    publishDefinition: memo((name) => definer.publish(publish(name))),
    publishesApart: memo((name) => {
      const { asset, options } = publish(name);
      return spec(asset).partitions !== undefined && JSON.stringify(options).includes('{partition}');
    }),
    needs: (asset, key) => spec(asset).inputs.map((input) => need(asset, key, input)),
  };
}
