import type { PluginSummary, SearchAnswer } from '@vp/contracts/registry';
import MiniSearch, { type Query } from 'minisearch';
import { summaryOf } from './answers.ts';
import { kindsOf } from './contributions.ts';
import { isOffered, latestOf, type PluginRecord } from './plugin-record.ts';
import { termsOf, tokens } from './terms.ts';

/** What to look for. Without `q`, everything that passes the filters. */
export interface SearchQuery {
  readonly q?: string | undefined;
  /** An extension point: `source`. */
  readonly kind?: string | undefined;
  /** With `kind`: of a contribution to that point. */
  readonly capability?: string | undefined;
  /** Only plugins whose latest version has a conformance badge. */
  readonly badge?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** How many plugins each value of a filter would leave, the other filters unchanged. */
export interface Facets {
  /** By extension point. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly badge: number;
}

/** The plugins of a registry, to be searched. In memory: it is made anew when the registry starts. */
export interface SearchIndex {
  /** Adds a plugin, or puts it in place of what is known of that name. */
  put(record: PluginRecord): void;
  remove(name: string): void;
  search(query: SearchQuery): SearchAnswer;
  facets(query: SearchQuery): Facets;
}

interface Entry {
  readonly summary: PluginSummary;
  readonly document: Document;
}

interface Document {
  readonly name: string;
  readonly title: string;
  readonly ids: string;
  readonly keywords: string;
  readonly description: string;
  readonly kinds: string;
  readonly capabilities: string;
  readonly readme: string;
}

const weights = {
  name: 10,
  title: 8,
  ids: 8,
  keywords: 5,
  kinds: 4,
  capabilities: 4,
  description: 3,
  readme: 0.5,
} as const;
const fields = Object.keys(weights);

// A typo is looked for in words that name a thing: a README has a word near to any other.
const namingFields = ['name', 'title', 'ids', 'keywords', 'capabilities'];

/** Of a README: enough to find a plugin by, little enough to index a thousand in a second. */
const readmeLimit = 16_384;

export function createSearchIndex(): SearchIndex {
  const entries = new Map<string, Entry>();
  const index = new MiniSearch<Document>({ idField: 'name', fields, tokenize: tokens, processTerm });

  const scored = (q: string | undefined): readonly (readonly [Entry, number])[] => {
    const terms = termsOf(q ?? '');
    if (terms.length === 0) return [...entries.values()].map((entry) => [entry, 0] as const);
    const exact = q?.trim().toLowerCase();
    return index.search({ combineWith: 'AND', queries: terms.map(termQuery) }).flatMap(({ id, score }) => {
      const entry = entries.get(id);
      return entry ? [[entry, id === exact ? Number.POSITIVE_INFINITY : score] as const] : [];
    });
  };

  return {
    put(record) {
      this.remove(record.name);
      if (!isOffered(record)) return;
      const entry = { summary: summaryOf(record), document: documentOf(record) };
      entries.set(record.name, entry);
      index.add(entry.document);
    },
    remove(name) {
      const known = entries.get(name);
      if (!known) return;
      entries.delete(name);
      index.remove(known.document);
    },
    search(query) {
      const found = scored(query.q).filter(([{ summary }]) => passes(summary, query));
      const { offset = 0, limit = 20 } = query;
      const plugins = found.toSorted(byScoreBadgeName).slice(offset, offset + limit);
      return { total: found.length, plugins: plugins.map(([{ summary }]) => summary) };
    },
    facets(query) {
      const found = scored(query.q).map(([{ summary }]) => summary);
      const kinds = new Map<string, number>();
      for (const { contributions } of found.filter((each) => passes(each, { ...query, kind: undefined })))
        for (const kind of kindsOf(contributions)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return { kinds, badge: found.filter((each) => passes(each, { ...query, badge: true })).length };
    },
  };
}

const processTerm = (term: string) => term;

/** A word counts where it stands, a little less where one begins with it, and least where one is near to it. */
function termQuery(term: string): Query {
  const anywhere = {
    queries: [term],
    fields,
    boost: weights,
    prefix: true,
    weights: { prefix: 0.5, fuzzy: 0 },
  };
  const distance = term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
  if (distance === 0) return anywhere;
  const near = {
    queries: [term],
    fields: namingFields,
    boost: weights,
    fuzzy: distance,
    weights: { prefix: 0, fuzzy: 0.1 },
  };
  return { combineWith: 'OR', queries: [anywhere, near] };
}

function documentOf(record: PluginRecord): Document {
  const { name, displayName = '', description, contributions } = summaryOf(record);
  const { keywords } = latestOf(record);
  const said = contributions.map((each) => each.description ?? '');
  return {
    name,
    title: displayName,
    ids: contributions.map(({ id }) => id).join(' '),
    keywords: keywords.join(' '),
    description: [description, ...said].join(' '),
    kinds: kindsOf(contributions).join(' '),
    capabilities: contributions.flatMap((each) => each.capabilities).join(' '),
    readme: record.readme.slice(0, readmeLimit),
  };
}

function passes(
  { contributions, badge }: PluginSummary,
  { kind, capability, ...query }: SearchQuery,
): boolean {
  if (query.badge && !badge) return false;
  if (kind === undefined && capability === undefined) return true;
  return contributions.some(
    (each) =>
      (kind === undefined || each.point === kind) &&
      (capability === undefined || each.capabilities.includes(capability)),
  );
}

type Scored = readonly [Entry, number];

function byScoreBadgeName([a, scoreA]: Scored, [b, scoreB]: Scored): number {
  if (scoreA !== scoreB) return scoreB - scoreA;
  return rank(a) - rank(b) || (a.summary.name < b.summary.name ? -1 : 1);
}

const rank = ({ summary: { badge } }: Entry) => (badge === undefined ? 2 : badge.level === 'core' ? 1 : 0);
