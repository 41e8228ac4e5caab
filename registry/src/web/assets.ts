import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

// The style sheet is one answer in several files, general ones first.
const styles = ['base', 'header', 'search', 'home', 'plugin', 'tables', 'readme', 'message'];

const sources = {
  'page.css': { type: 'text/css; charset=utf-8', files: styles.map((name) => `styles/${name}.css`) },
  'page.js': { type: 'text/javascript; charset=utf-8', files: ['page.js'] },
  'favicon.svg': { type: 'image/svg+xml; charset=utf-8', files: ['favicon.svg'] },
} as const;

type AssetName = keyof typeof sources;

/** Where the files of the page are, before the version that their content gives them. */
export const assetPath = '/-/vp/web/';

interface Asset {
  readonly text: string;
  readonly type: string;
  readonly tag: string;
}

// The folder is the same from `src/web` and from `dist/web`.
function load(name: AssetName): Asset {
  const { type, files } = sources[name];
  const read = (file: string) => readFileSync(new URL(`../../assets/${file}`, import.meta.url), 'utf8');
  const text = files.map(read).join('\n');
  const tag = createHash('sha256').update(text).digest('base64url').slice(0, 12);
  return { text, type, tag };
}

const assets = new Map<AssetName, Asset>();

function assetOf(name: AssetName): Asset {
  const known = assets.get(name) ?? load(name);
  assets.set(name, known);
  return known;
}

/** The URL of a file of the page. It changes with the content, so browsers keep it for good. */
export const assetUrl = (name: AssetName): string => `${assetPath}${name}?v=${assetOf(name).tag}`;

/** A file of the page by its name; nothing for any other name. */
export const asset = (name: string): Asset | undefined => (isAsset(name) ? assetOf(name) : undefined);

const isAsset = (name: string): name is AssetName => Object.hasOwn(sources, name);
