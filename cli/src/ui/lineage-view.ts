import type { Lineage, LineageNode } from '../shell/lineage.ts';
import type { Style } from './style.ts';

/** Two trees around the asset, or one from each source of the whole pipeline. */
export function lineageTree(lineage: Lineage, style: Style): string {
  const { focus, up, down, nodes, edges } = lineage;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const upstream = (id: string) => edges.filter((edge) => edge.to === id).map((edge) => edge.from);
  const downstream = (id: string) => edges.filter((edge) => edge.from === id).map((edge) => edge.to);
  const drawing = (next: (id: string) => readonly string[]) => {
    const drawn = new Set<string>();
    return (id: string) => branch({ id, next, byId, style, drawn });
  };
  if (focus !== undefined) {
    const label = style('bold', byId.get(focus)?.label ?? focus);
    const parts: string[] = [];
    if (up) parts.push(`${label} ${style('dim', 'is made from')}`, ...drawing(upstream)(focus).slice(1));
    if (up && down) parts.push('');
    if (down) parts.push(`${label} ${style('dim', 'goes into')}`, ...drawing(downstream)(focus).slice(1));
    if (up && upstream(focus).length === 0) parts.splice(1, 0, style('dim', '  nothing'));
    if (down && downstream(focus).length === 0) parts.push(style('dim', '  nothing'));
    return parts.join('\n');
  }
  const draw = drawing(downstream);
  return nodes
    .filter((node) => upstream(node.id).length === 0)
    .flatMap((node) => draw(node.id))
    .join('\n');
}

function branch(request: {
  readonly id: string;
  readonly next: (id: string) => readonly string[];
  readonly byId: ReadonlyMap<string, LineageNode>;
  readonly style: Style;
  /** What was drawn with everything beneath it is not drawn again. */
  readonly drawn: Set<string>;
}): string[] {
  const { id, next, byId, style, drawn } = request;
  const node = byId.get(id);
  const below = next(id);
  const known = drawn.has(id) && below.length > 0;
  drawn.add(id);
  const kind = node?.kind === 'asset' ? '' : style('dim', ` (${node?.kind})`);
  const lines = [`${node?.label ?? id}${kind}${known ? style('dim', ' …') : ''}`];
  if (known) return lines;
  below.forEach((child, index) => {
    const last = index === below.length - 1;
    const [first = '', ...rest] = branch({ ...request, id: child });
    lines.push(`${last ? '└─ ' : '├─ '}${first}`, ...rest.map((line) => (last ? '   ' : '│  ') + line));
  });
  return lines;
}

export function mermaid({ nodes, edges, focus }: Lineage): string {
  const names = new Map(nodes.map((node, index) => [node.id, `n${index}`]));
  const shape = ({ kind, label }: LineageNode) => {
    const text = `"${label.replaceAll('"', '#quot;')}"`;
    if (kind === 'source') return `[(${text})]`;
    return kind === 'sink' ? `>${text}]` : `[${text}]`;
  };
  return [
    'graph LR',
    ...nodes.map((node) => `  ${names.get(node.id)}${shape(node)}`),
    ...edges.map((edge) => `  ${names.get(edge.from)} --> ${names.get(edge.to)}`),
    ...(focus === undefined ? [] : [`  style ${names.get(focus)} stroke-width:3px`]),
  ].join('\n');
}
