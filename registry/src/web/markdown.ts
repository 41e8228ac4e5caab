import MarkdownIt from 'markdown-it';
import { type Html, trusted } from './html.ts';

/** A README is somebody else's text: it is shown up to here. */
const longest = 200_000;

// Where a link may lead. Others, relative ones with them, lead nowhere on a registry: their text stays.
const allowed = /^(?:https?:|mailto:)/i;

interface ReadmeContext {
  /** Of the plugin: a first heading that only repeats it is left out. */
  readonly name: string;
  /** Where the plugin's badge is: READMEs show it as `./conformance.svg`. */
  readonly badgeUrl: string;
}

/**
 * A README as HTML that is harmless whatever stands in it: no HTML of its own, links to http, https and
 * mail alone, no picture from anywhere but the plugin's own badge. Its headings are below the page's.
 */
export function renderReadme(markdown: string, context: ReadmeContext): Html {
  const cut = markdown.length > longest;
  const rendered = renderer.render(markdown.slice(0, longest), { ...context, slugs: new Set<string>() });
  return trusted(cut ? `${rendered}<p><em>The README is longer than is shown here.</em></p>` : rendered);
}

const renderer = new MarkdownIt({ html: false, linkify: true, typographer: false });

const isBadge = (url: string) => /^(?:\.\/)?conformance\.svg$/.test(url);

// The page has its h1, and an h2 above the README.
const firstLevel = 3;

renderer.core.ruler.push('headings', ({ tokens, env }) => {
  if (tokens[0]?.tag === 'h1' && tokens[1]?.content.trim() === env?.name) tokens.splice(0, 3);
  const isHeading = ({ type }: (typeof tokens)[number]) =>
    type === 'heading_open' || type === 'heading_close';
  const levelOf = ({ tag }: (typeof tokens)[number]) => Number(tag.slice(1));
  const highest = Math.min(...tokens.filter(isHeading).map(levelOf));
  for (const [at, token] of tokens.entries()) {
    if (!isHeading(token)) continue;
    token.tag = `h${Math.min(levelOf(token) - highest + firstLevel, 6)}`;
    if (token.type === 'heading_open') token.attrSet('id', slugOf(tokens[at + 1]?.content ?? '', env?.slugs));
  }
});

// `readme-` keeps the ids of a README apart from those of the page.
function slugOf(heading: string, taken: unknown): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  const slug = `readme-${words.trim().replace(/\s+/g, '-')}`;
  if (!(taken instanceof Set)) return slug;
  let unique = slug;
  for (let count = 1; taken.has(unique); count += 1) unique = `${slug}-${count}`;
  taken.add(unique);
  return unique;
}

renderer.renderer.rules.link_open = (tokens, at, options, _env, self) => {
  const token = tokens[at];
  const href = String(token?.attrGet('href') ?? '');
  if (href.startsWith('#')) token?.attrSet('href', `#readme-${href.slice(1)}`);
  else if (allowed.test(href)) token?.attrSet('rel', 'nofollow noopener noreferrer ugc');
  else if (token) token.attrs = [];
  return self.renderToken(tokens, at, options);
};

// The reader's browser asks nobody else's server for a picture: what it would show is said instead.
renderer.renderer.rules.image = (tokens, at, _options, env) => {
  const token = tokens[at];
  const { escapeHtml } = renderer.utils;
  const alt = escapeHtml(token?.content ?? '');
  const source = String(token?.attrGet('src') ?? '');
  if (isBadge(source)) return `<img src="${escapeHtml(String(env?.badgeUrl))}" alt="${alt}">`;
  return alt === '' ? '' : `<span class="picture">${alt}</span>`;
};

// Wide tables scroll by themselves, also with the keyboard.
renderer.renderer.rules.table_open = () =>
  '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>';
renderer.renderer.rules.table_close = () => '</table></div>';
