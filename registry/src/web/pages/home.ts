import { contributionKeys } from '@vp/contracts/manifest';
import type { PluginSummary } from '@vp/contracts/registry';
import { permissionLine } from '@vp/contracts/registry';
import { kindsOf } from '../../search/contributions.ts';
import type { SearchIndex, SearchQuery } from '../../search/search-index.ts';
import { type Html, html } from '../html.ts';
import { pluginUrl } from '../links.ts';
import { badgePill, kindChips } from '../parts/badge.ts';
import { bytes, counted, day } from '../parts/format.ts';
import { icon } from '../parts/icons.ts';
import { type Page, searchForm } from '../parts/layout.ts';

const pageSize = 20;

/** What the URL of the home page asks for; what it cannot mean is left out. */
export interface HomeQuery {
  readonly q?: string | undefined;
  readonly kind?: string | undefined;
  readonly capability?: string | undefined;
  readonly badge?: 'true' | undefined;
  /** From 1 on. */
  readonly page: number;
}

export function homeQuery(parameters: URLSearchParams): HomeQuery {
  const text = (key: string) => parameters.get(key)?.trim().slice(0, 500) || undefined;
  const page = Number(parameters.get('page') ?? 1);
  return {
    q: text('q'),
    kind: text('kind'),
    capability: text('capability'),
    badge: text('badge') === 'true' ? 'true' : undefined,
    page: Number.isInteger(page) && page >= 1 && page < 1e6 ? page : 1,
  };
}

/** The page with the search box, the filters and what fits them. */
export function homePage(index: SearchIndex, query: HomeQuery): Page {
  const { q, kind, capability, badge, page } = query;
  const search: SearchQuery = { q, kind, capability, badge: badge === 'true' };
  const offset = (page - 1) * pageSize;
  const { total, plugins } = index.search({ ...search, limit: pageSize, offset });
  const size = index.search({ limit: 0 }).total;
  const main = html`<div class="hero">
<h1>Plugins</h1>
<p class="soft">${counted(size, 'plugin')} to compose a deployment from: sources, sinks, transforms and what else a pipeline needs.</p>
${searchForm({ id: 'search', size: 'large', q, keep: { kind, capability, badge } })}
</div>
<div class="columns">
${filters(index, query)}
<section aria-labelledby="results">
${resultsHeading(query, total)}
${plugins.length === 0 ? nothing(query, size) : html`<ol class="cards">${plugins.map(card)}</ol>`}
${pages(query, total)}
</section>
</div>`;
  const title = q === undefined ? 'Plugins' : `${q} · Plugins`;
  return { title, search: false, main, description: 'Plugins of this VibePiper registry' };
}

function filters(index: SearchIndex, query: HomeQuery): Html {
  const { q, kind, capability, badge } = query;
  const facets = index.facets({ q, kind, capability, badge: badge === 'true' });
  const kinds = [...facets.kinds].toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const all = index.search({ q, capability, badge: badge === 'true', limit: 0 }).total;
  const unknown = kind !== undefined && !facets.kinds.has(kind) ? [[kind, 0] as const] : [];
  return html`<nav class="filters" aria-label="Filters">
<h2 id="by-kind">Kind</h2>
<ul aria-labelledby="by-kind">
${choice({ href: homeUrl(query, { kind: undefined }), label: 'all', count: all, isOn: kind === undefined })}
${[...kinds, ...unknown].map(([name, count]) =>
  choice({ href: homeUrl(query, { kind: name }), label: name, count, isOn: kind === name, kind: name }),
)}
</ul>
<h2 id="by-badge">Conformance</h2>
<ul aria-labelledby="by-badge">
${choice({
  href: homeUrl(query, { badge: badge ? undefined : 'true' }),
  label: 'with a badge',
  count: facets.badge,
  isOn: badge === 'true',
})}
</ul>
</nav>`;
}

// As the documentation names them; points of plugins after those that all know.
const standard: readonly string[] = [...Object.values(contributionKeys), 'template'];
const rank = (kind: string) => (standard.includes(kind) ? standard.indexOf(kind) : standard.length);

interface Choice {
  readonly href: string;
  readonly label: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly kind?: string;
}

const choice = ({ href, label, count, isOn, kind }: Choice): Html =>
  html`<li><a class="choice" href="${href}"${isOn && html` aria-current="true"`}><span${kind && html` class="kind" data-kind="${kind}"`}>${label}</span> <span class="count">${count}<span class="unseen"> ${count === 1 ? 'plugin' : 'plugins'}</span></span></a></li>`;

function resultsHeading(query: HomeQuery, total: number): Html {
  const { q, capability } = query;
  const what = q === undefined ? counted(total, 'plugin') : html`${counted(total, 'result')} for “${q}”`;
  return html`<div class="found"><h2 id="results">${what}</h2>${
    capability !== undefined &&
    html`<a class="choice on" href="${homeUrl(query, { capability: undefined })}">capability: ${capability} ${icon('close')}<span class="unseen">remove this filter</span></a>`
  }</div>`;
}

function card(plugin: PluginSummary): Html {
  const { name, version, displayName, description, contributions, badge, permissions, license } = plugin;
  return html`<li class="card">
<div class="head"><h3><a href="${pluginUrl(name)}">${name}</a></h3> <span class="version">${version}</span> ${badgePill(badge)}</div>
<p>${displayName && displayName !== name && html`<strong>${displayName}.</strong> `}${description}</p>
<p class="may">${icon('shield')}<span><span class="unseen">Permissions: </span>${permissionLine(permissions)}</span></p>
<div class="foot">${kindChips(kindsOf(contributions))}
<p class="meta">${day(plugin.published)}<span>${license ?? 'no licence named'}</span><span>${bytes(plugin.size)}</span></p></div>
</li>`;
}

function nothing(query: HomeQuery, size: number): Html {
  if (size === 0) {
    return html`<div class="empty"><p>Nothing is published yet.</p>
<p class="soft">Publish the first plugin from its folder with <code>vp plugins publish</code>.</p></div>`;
  }
  const filtered = query.kind ?? query.capability ?? query.badge;
  return html`<div class="empty"><p>Nothing fits.</p>
<p class="soft">${
    filtered === undefined
      ? 'Try fewer or other words: names, contributions, capabilities, or what a README says.'
      : html`There may be more <a href="${homeUrl({ q: query.q, page: 1 }, {})}">without the filters</a>.`
  }</p></div>`;
}

function pages(query: HomeQuery, total: number): Html | undefined {
  const last = Math.ceil(total / pageSize);
  if (last <= 1 && query.page === 1) return undefined;
  const to = (page: number, label: string, rel: string) =>
    page >= 1 && page <= last && html`<a rel="${rel}" href="${homeUrl(query, { page })}">${label}</a>`;
  return html`<nav class="pages" aria-label="Pages of results">${to(Math.min(query.page - 1, last), 'Previous', 'prev')}<span>Page ${query.page} of ${last}</span>${to(query.page + 1, 'Next', 'next')}</nav>`;
}

/** The home page with some of its filters changed; then its first page, unless that is what changes. */
function homeUrl(query: HomeQuery, changes: Partial<HomeQuery>): string {
  const { page, ...rest } = { ...query, page: 1, ...changes };
  const entries = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams([...entries, ...(page > 1 ? [['page', String(page)]] : [])]).toString();
  return text === '' ? '/' : `/?${text}`;
}
