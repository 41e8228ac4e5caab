import type { PipelineSpec } from '@vp/contracts';

export interface LineageNode {
  /** `asset:orders`, `source:files data/orders.csv`, `sink:orders->files`. */
  readonly id: string;
  readonly kind: 'source' | 'asset' | 'sink';
  readonly label: string;
}

export interface LineageEdge {
  readonly from: string;
  readonly to: string;
}

/** The graph that was asked for. Plain JSON. */
export interface Lineage {
  /** The node in the middle; none: the whole pipeline. */
  readonly focus?: string;
  readonly up: boolean;
  readonly down: boolean;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

export function lineageOf(
  pipeline: PipelineSpec,
  request: { readonly asset?: string | undefined; readonly up: boolean; readonly down: boolean },
): Lineage {
  const { asset, up, down } = request;
  const all = wholeGraph(pipeline);
  if (asset === undefined) return { up, down, ...all };
  const focus = `asset:${asset}`;
  const kept = new Set([
    focus,
    ...(up ? reach(focus, (id) => all.edges.filter((edge) => edge.to === id).map((edge) => edge.from)) : []),
    ...(down
      ? reach(focus, (id) => all.edges.filter((edge) => edge.from === id).map((edge) => edge.to))
      : []),
  ]);
  return {
    focus,
    up,
    down,
    nodes: all.nodes.filter((node) => kept.has(node.id)),
    edges: all.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  };
}

function wholeGraph({ assets, publish }: PipelineSpec): Pick<Lineage, 'nodes' | 'edges'> {
  const nodes = new Map<string, LineageNode>();
  const edges: LineageEdge[] = [];
  for (const { name, inputs, compute } of assets) {
    const id = `asset:${name}`;
    nodes.set(id, { id, kind: 'asset', label: name });
    for (const input of inputs) edges.push({ from: `asset:${input.asset}`, to: id });
    if (compute.kind === 'source') {
      const label = placeLabel(compute.use, compute.connection, compute.options);
      nodes.set(`source:${label}`, { id: `source:${label}`, kind: 'source', label });
      edges.push({ from: `source:${label}`, to: id });
    }
  }
  for (const { name, asset, use, connection, options } of publish) {
    const id = `sink:${name}`;
    nodes.set(id, { id, kind: 'sink', label: placeLabel(use, connection, options) });
    edges.push({ from: `asset:${asset}`, to: id });
  }
  return { nodes: [...nodes.values()], edges };
}

/** `files data/orders.csv`: the id, and the option that most looks like a place. */
function placeLabel(
  use: string,
  connection: string | undefined,
  options: Readonly<Record<string, unknown>>,
): string {
  const place = ['path', 'table', 'topic', 'url', 'stream', 'query'].map((key) => options[key]).find(isText);
  return [use, connection, place].filter((part) => part !== undefined).join(' ');
}

const isText = (value: unknown): value is string => typeof value === 'string';

function reach(from: string, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next(id)) {
      if (seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
}
