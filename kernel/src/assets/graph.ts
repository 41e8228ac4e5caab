import type { AssetSpec, PipelineSpec, PublishSpec, VpError } from '@vp/contracts';
import { didYouMean } from '@vp/contracts';
import { canonicalJson } from '../plan/fingerprint.ts';
import { errors } from './errors.ts';
import { topologicalOrder } from './topological-order.ts';

/** An asset in its pipeline. */
export interface AssetNode {
  readonly spec: AssetSpec;
  /** Names of the assets that must be there before it: inputs, and assets its checks refer to. */
  readonly upstream: readonly string[];
  /** Names of the assets that have it upstream. */
  readonly downstream: readonly string[];
  readonly publishes: readonly PublishSpec[];
}

/** The assets of a pipeline, inputs before consumers, and otherwise in the order of the pipeline. */
export interface AssetGraph {
  readonly nodes: ReadonlyMap<string, AssetNode>;
}

const namePattern = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/;

/** Other assets that an asset's checks compare with: the `asset` option of a rule. */
export function relatedAssets(spec: AssetSpec): readonly string[] {
  const related = new Set<string>();
  for (const check of spec.checks) {
    for (const value of [check.options, ...Object.values(check.options)]) {
      if (typeof value !== 'object' || value === null || !('asset' in value)) continue;
      if (typeof value.asset === 'string' && value.asset !== spec.name) related.add(value.asset);
    }
  }
  return [...related];
}

interface MutableNode extends AssetNode {
  readonly upstream: string[];
  readonly downstream: string[];
  readonly publishes: PublishSpec[];
}

/**
 * The graph of a pipeline's assets. `validate` looks at each asset and publish by itself and gives
 * what is wrong with it.
 *
 * @throws VpError one fault as itself, several as `VP_PIPELINE_INVALID`
 */
export function buildGraph(
  pipeline: PipelineSpec,
  validate: (
    spec: AssetSpec | PublishSpec,
    assets: ReadonlyMap<string, AssetSpec>,
  ) => readonly VpError[] = () => [],
): AssetGraph {
  if (pipeline.assets.length === 0) throw errors.VP_PIPELINE_EMPTY({});
  const faults: VpError[] = [];
  const nodes = new Map<string, MutableNode>();
  const specs = new Map<string, AssetSpec>();
  for (const spec of pipeline.assets) {
    const first = specs.get(spec.name);
    if (first === spec) continue;
    if (first !== undefined) {
      faults.push(
        errors.VP_ASSET_DUPLICATE(
          { asset: spec.name, first: first.origin, second: spec.origin },
          { at: spec.origin },
        ),
      );
      continue;
    }
    if (!namePattern.test(spec.name)) {
      faults.push(errors.VP_ASSET_NAME_INVALID({ asset: spec.name }, { at: spec.origin }));
    }
    specs.set(spec.name, spec);
    nodes.set(spec.name, { spec, upstream: [], downstream: [], publishes: [] });
  }

  for (const node of nodes.values()) linkInputs(node, nodes, faults);
  linkPublishes(pipeline.publish, nodes, faults);
  for (const spec of [...specs.values(), ...pipeline.publish]) faults.push(...validate(spec, specs));

  const { order, cycle } = topologicalOrder([...nodes.keys()], (name) => nodes.get(name)?.upstream ?? []);
  if (cycle !== undefined) {
    const first = cycle[0];
    faults.push(
      errors.VP_ASSET_CYCLE(
        { path: cycle },
        { at: first === undefined ? undefined : specs.get(first)?.origin },
      ),
    );
  }
  throwFaults(faults);

  const sorted = new Map<string, AssetNode>();
  for (const name of order) {
    const node = nodes.get(name);
    if (node !== undefined) sorted.set(name, node);
  }
  return { nodes: sorted };
}

function linkInputs(node: MutableNode, nodes: ReadonlyMap<string, MutableNode>, faults: VpError[]): void {
  const { spec } = node;
  const wanted = new Set(spec.inputs.map((input) => input.asset));
  for (const name of relatedAssets(spec)) wanted.add(name);
  for (const name of wanted) {
    const upstream = nodes.get(name);
    if (upstream === undefined) {
      const suggestion = didYouMean(name, nodes.keys());
      faults.push(
        errors.VP_ASSET_UNKNOWN(
          { name, where: `Asset "${spec.name}"`, suggestion },
          { at: spec.inputs.find((input) => input.asset === name)?.origin ?? spec.origin },
        ),
      );
      continue;
    }
    node.upstream.push(name);
    upstream.downstream.push(spec.name);
  }
}

function linkPublishes(
  publishes: readonly PublishSpec[],
  nodes: ReadonlyMap<string, MutableNode>,
  faults: VpError[],
): void {
  const seen = new Map<string, PublishSpec>();
  const places = new Map<string, PublishSpec>();
  for (const publish of publishes) {
    const first = seen.get(publish.name);
    if (first !== undefined) {
      faults.push(
        errors.VP_PUBLISH_DUPLICATE(
          { publish: publish.name, first: first.origin, second: publish.origin },
          { at: publish.origin },
        ),
      );
      continue;
    }
    seen.set(publish.name, publish);
    const { use, connection, options, origin: at } = publish;
    const place = canonicalJson([use, connection ?? null, options]);
    const other = places.get(place);
    if (other === undefined) places.set(place, publish);
    else faults.push(errors.VP_PUBLISH_SAME_PLACE({ first: other.name, second: publish.name }, { at }));
    const node = nodes.get(publish.asset);
    if (node === undefined) {
      const suggestion = didYouMean(publish.asset, nodes.keys());
      faults.push(
        errors.VP_ASSET_UNKNOWN(
          { name: publish.asset, where: `Publish "${publish.name}"`, suggestion },
          { at: publish.origin },
        ),
      );
      continue;
    }
    node.publishes.push(publish);
  }
}

function throwFaults(faults: readonly VpError[]): void {
  const [first, ...others] = faults;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const shown = faults.slice(0, 20);
  throw errors.VP_PIPELINE_INVALID(
    {
      count: faults.length,
      lines: shown.map(faultLine),
    },
    { at: first.at, cause: first, details: { codes: faults.map((fault) => fault.code) } },
  );
}

/** `pipeline.ts:3: VP_ASSET_UNKNOWN: …`, with the asset instead of a place that is not known. */
function faultLine({ code, message, hint, at, phase }: VpError): string {
  const place = at?.file === undefined ? phase : `${at.file}:${at.line ?? 1}`;
  return [place === undefined ? code : `${place}: ${code}`, `${message} ${hint ?? ''}`.trimEnd()].join(': ');
}
