import semver from 'semver';

/** A package name with `*`, and perhaps a range: `@acme/*`, `left-pad@<2`. */
interface Pattern {
  readonly name: RegExp;
  readonly range: string;
}

/** Reads a pattern; `undefined` when its range is none. */
function parsePattern(text: string): Pattern | undefined {
  const at = text.indexOf('@', 1);
  const [name, written] = at === -1 ? [text, '*'] : [text.slice(0, at), text.slice(at + 1)];
  const range = semver.validRange(written);
  if (range === null || name === '') return undefined;
  const parts = name.split('*').map((part) => RegExp.escape(part));
  return { name: new RegExp(`^${parts.join('.*')}$`), range: written };
}

export const isPattern = (text: string): boolean => parsePattern(text) !== undefined;

/**
 * Whether a version is meant. `wide` counts prereleases too: what is denied below 2.0.0 is denied in
 * 1.9.0-beta as well; what is allowed below 2.0.0 is not allowed in a beta.
 */
export function matches(request: {
  readonly pattern: string;
  readonly name: string;
  readonly version: string;
  readonly wide: boolean;
}): boolean {
  const pattern = parsePattern(request.pattern);
  if (pattern === undefined || !pattern.name.test(request.name)) return false;
  if (pattern.range === '*') return true;
  return semver.satisfies(request.version, pattern.range, { includePrerelease: request.wide });
}
