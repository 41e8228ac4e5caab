import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, or `undefined` when none is near: at most
 * one edit (a swap of two neighbours is one) for words up to four characters, else a third of the length.
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
    const d = typingDistance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Edits between two words, where swapping two neighbours is one edit as people make it. */
function typingDistance(word: string, candidate: string): number {
  const edits = distance(word, candidate);
  if (edits !== 2 || word.length !== candidate.length) return edits;
  const at = [...word].findIndex((letter, index) => letter !== candidate[index]);
  return word[at] === candidate[at + 1] && word[at + 1] === candidate[at] ? 1 : edits;
}

/**
 * `suggest` as the sentence that errors end with: `Did you mean "x"?`, or the list of what there
 * is when nothing is near, or `''` when there is nothing at all.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const all = [...new Set(candidates)];
  const near = suggest(word, all);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (all.length === 0) return '';
  const shown = all.slice(0, 12).map((c) => `"${c}"`);
  return `There is: ${shown.join(', ')}${all.length > shown.length ? `, and ${all.length - shown.length} more` : ''}.`;
}
