/** Words that people write into a search box and that tell no plugin from another. */
const idle = new Set(
  'a an and as by connector for from in into of on or plugin plugins the to vp with'.split(' '),
);

const longestWord = 40;
const mostTerms = 12;

/** The words of a text, in small letters and without accents: `@acme/weather-API` is acme, weather, api. */
export const tokens = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, longestWord));

/** What a search looks for: its words without the idle ones, unless there are no others. */
export function termsOf(query: string): string[] {
  const words = [...new Set(tokens(query))];
  const telling = words.filter((word) => !idle.has(word));
  return (telling.length > 0 ? telling : words).slice(0, mostTerms);
}
