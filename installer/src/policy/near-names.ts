export interface NearName {
  readonly name: string;
  /** Letters to add, drop, change or swap between the two. */
  readonly distance: number;
}

/** Names of ours: what a stranger's package is most likely to be mistaken for. */
export const firstPartyNames = [
  '@vp/alerts-console',
  '@vp/alerts-webhook',
  '@vp/auth-env',
  '@vp/checks',
  '@vp/duckdb',
  '@vp/executor-local',
  '@vp/files',
  '@vp/metadata-sqlite',
  '@vp/transform-ts',
] as const;

/**
 * Names among `known` that a package's name is easily mistaken for: two letters away at most (one, for short
 * names), or the same once dashes, dots and look-alike digits are left out. Nearest first; none for a known name.
 */
export function nearNames(name: string, known: Iterable<string>): readonly NearName[] {
  const all = [...new Set(known)];
  if (all.includes(name)) return [];
  return all
    .map((each) => ({ name: each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ name: each, distance }) => distance <= reach(name, each) || bare(each) === bare(name))
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
}

/** How far apart two names may be and still be mistaken. In one scope, whose owner names things alike, less. */
function reach(name: string, other: string): number {
  const scope = (text: string) => (text.startsWith('@') ? text.slice(0, text.indexOf('/')) : '');
  const shorter = Math.min(name.length, other.length);
  if (scope(name) !== '' && scope(name) === scope(other)) return shorter - scope(name).length > 5 ? 1 : 0;
  return shorter > 5 ? 2 : 1;
}

const lookAlikes: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '5': 's' };

/** A name as it is read in haste. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[-_.@/]/g, '')
    .replaceAll(/[0135]/g, (digit) => lookAlikes[digit] ?? digit);

/** Edits between two texts, a swap of neighbours being one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
