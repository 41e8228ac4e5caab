import semver from 'semver';

/** A version of a plugin that could be used, with the plugins that it requires. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly requires: Readonly<Record<string, string>>;
}

/** A range that somebody wants of a plugin. */
export interface Wish {
  readonly name: string;
  readonly range: string;
  /** Who wants it, in words: `vp.toml`. */
  readonly by: string;
}

/** A wish or requirement that takes part in a conflict. */
export interface Fact extends Wish {
  /** The candidate that requires it; `undefined` for wishes of the deployment. */
  readonly of: Candidate | undefined;
}

/** One version for every plugin that is wanted, or the smallest set of facts that exclude each other. */
export type Solution =
  | { readonly ok: true; readonly chosen: ReadonlyMap<string, Candidate> }
  | { readonly ok: false; readonly conflict: readonly Fact[] };

type Available = ReadonlyMap<string, readonly Candidate[]>;

/** Chooses the newest versions that satisfy every wish, and all that the chosen ones require. */
export function solveVersions(init: {
  readonly wishes: readonly Wish[];
  readonly available: Available;
}): Solution {
  const { wishes, available } = init;
  const facts: Fact[] = wishes.map((wish) => ({ ...wish, of: undefined }));
  for (const candidate of [...available.values()].flat()) {
    for (const [name, range] of Object.entries(candidate.requires)) {
      facts.push({ name, range, by: `${candidate.name} ${candidate.version}`, of: candidate });
    }
  }
  const chosen = search(facts, available);
  if (chosen !== undefined) return { ok: true, chosen };
  return { ok: false, conflict: smallestConflict(facts, available) };
}

/**
 * The facts left when each that is not needed for the contradiction is taken away. Different orders
 * may end in different sets, so the shortest of several is taken.
 */
function smallestConflict(facts: readonly Fact[], available: Available): readonly Fact[] {
  const shrink = (order: readonly Fact[]) =>
    order.reduce<readonly Fact[]>((core, fact) => {
      const without = core.filter((other) => other !== fact);
      return search(without, available) === undefined ? without : core;
    }, facts);
  const cores = [facts, facts.toReversed()].map(shrink);
  return cores.reduce((a, b) => (b.length < a.length ? b : a));
}

function search(facts: readonly Fact[], available: Available): ReadonlyMap<string, Candidate> | undefined {
  const requirements = Map.groupBy(facts, (fact) => fact.of);
  const own = requirements.get(undefined) ?? [];

  const decide = (
    chosen: ReadonlyMap<string, Candidate>,
    ranges: ReadonlyMap<string, readonly string[]>,
  ): ReadonlyMap<string, Candidate> | undefined => {
    const open = [...ranges.keys()].find((name) => !chosen.has(name));
    if (open === undefined) return chosen;
    for (const candidate of newestFirst(available.get(open) ?? [])) {
      const needs = requirements.get(candidate) ?? [];
      const all = addRanges(ranges, needs);
      const next = new Map(chosen).set(open, candidate);
      const fits = [open, ...needs.map((need) => need.name)].every((name) => {
        const version = next.get(name)?.version;
        return version === undefined || (all.get(name) ?? []).every((range) => satisfies(version, range));
      });
      const solution = fits ? decide(next, all) : undefined;
      if (solution !== undefined) return solution;
    }
    return undefined;
  };
  return decide(new Map(), addRanges(new Map(), own));
}

function addRanges(ranges: ReadonlyMap<string, readonly string[]>, facts: readonly Fact[]) {
  if (facts.length === 0) return ranges;
  const all = new Map(ranges);
  for (const { name, range } of facts) all.set(name, [...(all.get(name) ?? []), range]);
  return all;
}

function satisfies(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}

function newestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.length < 2
    ? candidates
    : candidates.toSorted((a, b) => semver.rcompare(a.version, b.version));
}

/** A conflict as clauses for people: who wants what, and what there is. */
export function conflictInWords(conflict: readonly Fact[], available: Available): readonly string[] {
  const wants = conflict.map(({ by, name, range }) => `${by} wants ${name} ${range}`);
  const there = [...new Set(conflict.map((fact) => fact.name))].map((name) => {
    const versions = (available.get(name) ?? []).map((candidate) => candidate.version);
    return versions.length === 0
      ? `${name} is not among the plugins in use`
      : `${name} is there as ${versions.join(', ')}`;
  });
  return [...wants, ...there];
}
