import type { RouteAnswer } from '../../routes.ts';
import { assetUrl } from '../assets.ts';
import { type Html, html } from '../html.ts';
import { icon, logo } from './icons.ts';

/** What all pages of a registry share. */
export interface Site {
  /** As the reader's browser sees it, without a `/` at its end. */
  readonly origin: string;
  readonly host: string;
  readonly version: string;
}

export interface Page {
  readonly title: string;
  readonly description?: string | undefined;
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the header has the search box: the home page has its own. */
  readonly search: boolean;
  readonly main: Html;
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  // Whatever a README smuggles in: nothing inline runs, nothing is loaded from elsewhere, no form leaves.
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

export function pageAnswer(site: Site, page: Page): RouteAnswer {
  return {
    status: page.status ?? 200,
    headers: { ...headers, ...page.headers },
    body: documentOf(site, page).markup,
  };
}

const documentOf = (site: Site, page: Page): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${page.title} · VibePiper registry</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${page.description && html`<meta name="description" content="${page.description}">`}
<link rel="icon" type="image/svg+xml" href="${assetUrl('favicon.svg')}">
<link rel="stylesheet" href="${assetUrl('page.css')}">
<script type="module" src="${assetUrl('page.js')}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><div class="wide">
<a class="brand" href="/">${logo}<span>VibePiper <span class="soft">registry</span></span></a>
${page.search && searchForm({ id: 'bar-search', size: 'small' })}
</div></header>
<main id="main" class="wide" tabindex="-1">
${page.main}
</main>
<footer><div class="wide">
<p>${site.host} · VibePiper registry ${site.version}</p>
<nav aria-label="For programs"><a href="/-/vp/v1/search">Search as JSON</a> <a href="/-/npm/v1/keys">Signing keys</a></nav>
</div></footer>
</body>
</html>
`;

interface SearchForm {
  readonly id: string;
  readonly size: 'small' | 'large';
  readonly q?: string | undefined;
  /** Filters that a new search keeps. */
  readonly keep?: Readonly<Record<string, string | undefined>> | undefined;
}

export function searchForm({ id, size, q = '', keep = {} }: SearchForm): Html {
  const kept = Object.entries(keep).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form class="search ${size}" role="search" action="/" method="get">
<label class="unseen" for="${id}">Search plugins</label>
${icon('search')}<input id="${id}" type="search" name="q" value="${q}" placeholder="${size === 'large' ? 'postgres, incremental, parquet …' : 'Search plugins'}" maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false" data-search>
${kept}<button type="submit">Search</button>
</form>`;
}
