import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, or `undefined` when none is near: at most
 * one edit for words up to four characters, else a third of the length.
 *
 * @example
 * ```ts
 * import { suggest } from '@vp/contracts';
 * suggest('colunm', ['column', 'key']); // 'column'
 * ```
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = word.length <= 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/**
 * `suggest` as the sentence that errors end with: `Did you mean "x"?`, or the list of what there
 * is when nothing is near, or `''` when there is nothing at all.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = suggest(word, all);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (all.length === 0) return '';
  const shown = all.slice(0, 12).map((c) => `"${c}"`);
  return `There is: ${shown.join(', ')}${all.length > shown.length ? `, and ${all.length - shown.length} more` : ''}.`;
}
