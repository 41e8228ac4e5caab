/** Text that is HTML already. Only {@link html} and {@link trusted} make it. */
export interface Html {
  readonly markup: string;
}

type Piece = Html | string | number | false | undefined | readonly Piece[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, for content and for attributes in quotes. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/**
 * A template whose values are escaped, unless they are made by `html` themselves. Lists are joined,
 * `false` and `undefined` are nothing. Attributes stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  const last = strings.length - 1;
  return { markup: strings.map((text, at) => (at < last ? text + rendered(values[at]) : text)).join('') };
}

/** HTML of a maker that is safe by itself: the Markdown renderer, a picture of ours. */
export const trusted = (markup: string): Html => ({ markup });

function rendered(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  return isList(piece) ? piece.map(rendered).join('') : piece.markup;
}

const isList = (piece: Html | readonly Piece[]): piece is readonly Piece[] => Array.isArray(piece);
