import type { Badge } from './report.ts';

// Widths of Verdana at 11 px, the widest of the fonts named below: in the others the text is drawn to fit.
const narrow = new Set("fijlrtI.,:;|'!()[]/ ");
const wide = new Set('mwMWQOGDHNU%');
const widthOf = (text: string) =>
  [...text].reduce((sum, letter) => sum + (narrow.has(letter) ? 4.4 : wide.has(letter) ? 9.4 : 7), 0);

const padding = 7;
const height = 20;
const label = 'conformance';

// White text on each of them has a contrast of 4.5:1 or more.
const colours = { full: '#1a7f37', core: '#0b5fb0', none: '#5c6670' } as const;

/**
 * The conformance badge as an SVG picture: a label and what the kits found. It is one file without
 * references, the same for equal badges, and is read aloud as a sentence.
 *
 * @param badge - nothing for a plugin that has none
 * @example
 * ```ts
 * import { badgeOf, badgeSvg, type ConformanceReport } from '@vp/contracts/registry';
 * const svg = (report: ConformanceReport) => badgeSvg(badgeOf(report));
 * ```
 */
export function badgeSvg(badge: Badge | undefined): string {
  const value = badge ? `${badge.level} ${lawsOf(badge)}` : 'not tested';
  const colour = colours[badge?.level ?? 'none'];
  const [left, right] = [widthOf(label) + 2 * padding, widthOf(value) + 2 * padding].map(Math.ceil);
  const width = (left ?? 0) + (right ?? 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${sentence(badge)}">`,
    `<title>${sentence(badge)}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${height}" rx="4"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="${height}" fill="#2b333d"/><rect x="${left}" width="${right}" height="${height}" fill="${colour}"/></g>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
    drawn(label, padding),
    drawn(value, (left ?? 0) + padding),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const lawsOf = ({ passed, failed }: Badge) => `${passed}/${passed + failed}`;

const drawn = (text: string, x: number) =>
  `<text x="${x}" y="14" textLength="${Math.round(widthOf(text))}" lengthAdjust="spacingAndGlyphs">${text}</text>`;

function sentence(badge: Badge | undefined): string {
  if (!badge) return 'Conformance: not tested';
  const { level, passed, failed } = badge;
  return `Conformance: ${level}, ${passed} of ${passed + failed} laws hold`;
}
