import type { PluginSummary, SearchAnswer } from '@vp/contracts/registry';
import MiniSearch, { type Query } from 'minisearch';
import type { PublishedPackage } from '../catalogue.ts';
import { summaryOf } from './answers.ts';
import { kindsOf } from './contributions.ts';
import { type PublishedPlugin, pluginOf } from './published-plugin.ts';
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
  /** 20 unless told. */
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
  /** Adds a package, or puts it in place of what is known of that name. One that offers no plugin is left out. */
  put(published: PublishedPackage): void;
  remove(name: string): void;
  /** Best first; then those with a badge, then by name. */
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

const boost = {
  name: 10,
  title: 8,
  ids: 8,
  keywords: 5,
  kinds: 4,
  capabilities: 4,
  description: 3,
  readme: 0.5,
} as const;
const fields = Object.keys(boost);

// A README has a word near to any other.
const fieldsForTypos = fields.filter((field) => field !== 'readme');

/** Of a README: enough to find a plugin by, little enough to index a thousand of them in no time. */
const readmeLimit = 16_384;

export function createSearchIndex(): SearchIndex {
  const entries = new Map<string, Entry>();
  const index = new MiniSearch<Document>({ idField: 'name', fields, tokenize: tokens, processTerm });

  function remove(name: string): void {
    const known = entries.get(name);
    if (!known) return;
    entries.delete(name);
    index.remove(known.document);
  }

  function put(published: PublishedPackage): void {
    remove(published.name);
    const plugin = pluginOf(published);
    if (!plugin?.offered) return;
    const summary = summaryOf(plugin);
    const document = documentOf(plugin, summary);
    entries.set(published.name, { summary, document });
    index.add(document);
  }

  function scored(q = ''): readonly Scored[] {
    const terms = termsOf(q);
    if (terms.length === 0) return [...entries.values()].map(({ summary }) => ({ summary, score: 0 }));
    const exact = q.trim().toLowerCase();
    const asWritten = index.search({ combineWith: 'AND', queries: terms.map(written) });
    const found =
      asWritten.length > 0 ? asWritten : index.search({ combineWith: 'AND', queries: terms.map(mistyped) });
    return found.flatMap(({ id, score }) => {
      const entry = entries.get(id);
      if (!entry) return [];
      return [{ summary: entry.summary, score: id === exact ? Number.MAX_VALUE : score }];
    });
  }

  function search(query: SearchQuery): SearchAnswer {
    const { offset = 0, limit = 20 } = query;
    const found = scored(query.q).filter(({ summary }) => passes(summary, query));
    const page = found.toSorted(byScoreBadgeName).slice(offset, offset + limit);
    return { total: found.length, plugins: page.map(({ summary }) => summary) };
  }

  function facets(query: SearchQuery): Facets {
    const found = scored(query.q).map(({ summary }) => summary);
    const kinds = new Map<string, number>();
    for (const summary of found) {
      for (const kind of kindsOf(summary.contributions))
        if (passes(summary, { ...query, kind })) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    return { kinds, badge: found.filter((each) => passes(each, { ...query, badge: true })).length };
  }

  return { put, remove, search, facets };
}

const processTerm = (term: string) => term;

const shares = { prefix: 0.5, fuzzy: 0.1 };

/** A word counts where it stands itself, and less where one begins with it. */
const written = (term: string): Query => ({
  queries: [term],
  fields,
  boost,
  weights: shares,
  prefix: term.length > 1,
});

/** What is near to a word counts too: for searches that find nothing as they are written. */
function mistyped(term: string): Query {
  const fuzzy = term.length < 4 ? 0 : term.length < 7 ? 1 : 2;
  const near = { queries: [term], fields: fieldsForTypos, boost, weights: shares, fuzzy };
  return { combineWith: 'OR', queries: [written(term), near] };
}

function documentOf({ package: { name, readme }, shown }: PublishedPlugin, summary: PluginSummary): Document {
  const { displayName = '', description, contributions } = summary;
  return {
    name,
    title: displayName,
    ids: contributions.map(({ id }) => id).join(' '),
    keywords: shown.keywords.join(' '),
    description: [description, ...contributions.map((each) => each.description ?? '')].join(' '),
    kinds: kindsOf(contributions).join(' '),
    capabilities: contributions.flatMap((each) => each.capabilities).join(' '),
    readme: readme.slice(0, readmeLimit),
  };
}

function passes({ contributions, badge }: PluginSummary, query: SearchQuery): boolean {
  const { kind, capability } = query;
  if (query.badge && !badge) return false;
  if (kind === undefined && capability === undefined) return true;
  return contributions.some(
    (each) =>
      (kind === undefined || each.point === kind) &&
      (capability === undefined || each.capabilities.includes(capability)),
  );
}

interface Scored {
  readonly summary: PluginSummary;
  readonly score: number;
}

const byScoreBadgeName = (a: Scored, b: Scored): number =>
  b.score - a.score || rank(a) - rank(b) || (a.summary.name < b.summary.name ? -1 : 1);

const rank = ({ summary: { badge } }: Scored) => (badge === undefined ? 2 : badge.level === 'core' ? 1 : 0);
