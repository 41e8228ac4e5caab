import { didYouMean } from '@vp/contracts';
import { errors } from './errors.ts';
import type { AssetGraph, AssetNode } from './graph.ts';

/** One word of a selection: what it matches, and how far up and down the graph it reaches. */
interface Term {
  readonly text: string;
  readonly kind: 'name' | 'tag' | 'source' | 'group' | 'owner';
  readonly pattern: string;
  /** Steps upstream and downstream. */
  readonly up: number;
  readonly down: number;
}

const form = /^(?:(\d*)(\+))?([^+\s]+?)(?:(\+)(\d*))?$/;
const methods = ['tag', 'source', 'group', 'owner'] as const;

function parseTerm(text: string): Term {
  const match = form.exec(text);
  if (match === null)
    throw errors.VP_SELECTION_SYNTAX({ selection: text, problem: 'a + stands out of place' });
  const [, upCount, upPlus, body = '', downPlus, downCount] = match;
  const reach = (plus: string | undefined, count: string | undefined): number => {
    if (plus === undefined) return 0;
    return count === undefined || count === '' ? Number.POSITIVE_INFINITY : Number(count);
  };
  const cut = body.indexOf(':');
  const up = reach(upPlus, upCount);
  const down = reach(downPlus, downCount);
  if (cut < 0) return { text, kind: 'name', pattern: body, up, down };
  const method = body.slice(0, cut);
  const kind = methods.find((known) => known === method);
  if (kind === undefined) {
    const suggestion = didYouMean(method, methods);
    throw errors.VP_SELECTION_SYNTAX({
      selection: text,
      problem: `there is no "${method}:". ${suggestion}`.trim(),
    });
  }
  return { text, kind, pattern: body.slice(cut + 1), up, down };
}

/** A test for a pattern in which `*` stands for any characters and `?` for one. */
export function globTest(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

function matches(term: Term): (node: AssetNode) => boolean {
  const test = globTest(term.pattern);
  switch (term.kind) {
    case 'name':
      return ({ spec }) => test(spec.name);
    case 'tag':
      return ({ spec }) => spec.tags?.some(test) ?? false;
    case 'owner':
      return ({ spec }) => spec.owner !== undefined && test(spec.owner);
    case 'group':
      return ({ spec }) => spec.name.includes('.') && test(spec.name.slice(0, spec.name.lastIndexOf('.')));
    case 'source':
      return ({ spec: { compute } }) =>
        compute.kind === 'source' &&
        (test(compute.use) || (compute.connection !== undefined && test(compute.connection)));
  }
}

function candidates(graph: AssetGraph, term: Term): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { spec } of graph.nodes.values()) {
    if (term.kind === 'name') found.add(spec.name);
    for (const tag of term.kind === 'tag' ? (spec.tags ?? []) : []) found.add(tag);
    if (term.kind === 'owner' && spec.owner !== undefined) found.add(spec.owner);
    if (term.kind === 'group' && spec.name.includes('.'))
      found.add(spec.name.slice(0, spec.name.lastIndexOf('.')));
    if (term.kind === 'source' && spec.compute.kind === 'source') found.add(spec.compute.use);
  }
  return found;
}

/** Names within `distance` steps of `from` along `next`, those of `from` included. */
export function reach(
  from: Iterable<string>,
  next: (name: string) => readonly string[],
  distance = Number.POSITIVE_INFINITY,
): Set<string> {
  const seen = new Set(from);
  let frontier = [...seen];
  for (let step = 0; step < distance && frontier.length > 0; step += 1) {
    const further: string[] = [];
    for (const name of frontier) {
      for (const neighbour of next(name)) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        further.push(neighbour);
      }
    }
    frontier = further;
  }
  return seen;
}

function evaluate(graph: AssetGraph, text: string): ReadonlySet<string> {
  const term = parseTerm(text);
  const test = matches(term);
  const found: string[] = [];
  if (term.kind === 'name' && graph.nodes.has(term.pattern)) found.push(term.pattern);
  else for (const [name, node] of graph.nodes) if (test(node)) found.push(name);
  if (found.length === 0) {
    const suggestion = didYouMean(term.pattern, candidates(graph, term));
    throw errors.VP_SELECTION_EMPTY({ selection: text, suggestion });
  }
  const selected = new Set(found);
  const upstream = reach(found, (name) => graph.nodes.get(name)?.upstream ?? [], term.up);
  const downstream = reach(found, (name) => graph.nodes.get(name)?.downstream ?? [], term.down);
  for (const name of upstream) selected.add(name);
  for (const name of downstream) selected.add(name);
  return selected;
}

const words = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.split(/[\s,]+/)).filter((word) => word !== '');

/**
 * Names of the assets that a selection means, in the graph's order; all when `select` is empty.
 * Words: `orders`, globs (`shop.*`), `tag:`, `source:`, `group:`, `owner:`, each with `+` before
 * (with its upstream) and after (downstream), `2+orders` for two steps. Words add up.
 *
 * @throws VpError when a word matches nothing, or nothing is left
 */
export function selectAssets(
  graph: AssetGraph,
  request: { readonly select?: readonly string[]; readonly exclude?: readonly string[] },
): readonly string[] {
  const wanted = words(request.select ?? []);
  const selected = new Set<string>(wanted.length === 0 ? graph.nodes.keys() : []);
  for (const word of wanted) for (const name of evaluate(graph, word)) selected.add(name);
  const unwanted = words(request.exclude ?? []);
  for (const word of unwanted) for (const name of evaluate(graph, word)) selected.delete(name);
  if (selected.size === 0) {
    const selection = [...wanted, ...unwanted.map((word) => `--exclude ${word}`)].join(' ');
    throw errors.VP_SELECTION_EMPTY({
      selection,
      suggestion: 'The exclusions remove everything that was selected.',
    });
  }
  return [...graph.nodes.keys()].filter((name) => selected.has(name));
}
