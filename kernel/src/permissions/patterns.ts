/** Kinds of permission that have patterns. `native` is yes or no. */
export type PatternKind = 'network' | 'secrets' | 'fs' | 'subprocess' | 'env';

/**
 * Whether what `grant` allows includes all that `wanted` may be. Both may be patterns: a wildcard
 * that is wanted is covered by one that is at least as wide, never by a literal.
 */
export function covers(kind: PatternKind, grant: string, wanted: string): boolean {
  if (grant === wanted) return true;
  if (kind === 'fs') return coversFile(grant, wanted);
  if (kind === 'network') return coversAddress(grant, wanted);
  return coversText(grant, wanted);
}

function coversFile(grant: string, wanted: string): boolean {
  const [mode, path] = splitMode(grant);
  const [wantedMode, wantedPath] = splitMode(wanted);
  if (mode !== wantedMode) return false;
  const segments = normalise(wantedPath);
  return segments !== undefined && coversPath(normalise(path) ?? [], segments);
}

function splitMode(pattern: string): [string, string] {
  const cut = pattern.indexOf(':');
  return [pattern.slice(0, cut), pattern.slice(cut + 1)];
}

/** Undefined for a path that leaves its root: it is covered by nothing. */
function normalise(path: string): string[] | undefined {
  const out: string[] = path.startsWith('/') ? ['/'] : [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') return undefined;
    out.push(segment);
  }
  return out;
}

function coversPath(grant: readonly string[], wanted: readonly string[]): boolean {
  const [first, ...others] = grant;
  if (first === undefined) return wanted.length === 0;
  if (first === '**') {
    // `data/**` is the folder itself and all beneath it, at any depth.
    return wanted.some((_, index) => coversPath(others, wanted.slice(index))) || coversPath(others, []);
  }
  const [head, ...rest] = wanted;
  if (head === undefined || head === '**') return false;
  return coversText(first, head) && coversPath(others, rest);
}

function coversAddress(grant: string, wanted: string): boolean {
  const [host, port] = splitAddress(grant);
  const [wantedHost, wantedPort] = splitAddress(wanted);
  return coversText(host.toLowerCase(), wantedHost.toLowerCase()) && coversText(port, wantedPort);
}

/** A host without a port means every port. */
function splitAddress(pattern: string): [string, string] {
  const cut = pattern.lastIndexOf(':');
  const isPort = cut > 0 && /^(\d+|\*|\$\{[^}]*\})$/.test(pattern.slice(cut + 1));
  return isPort ? [pattern.slice(0, cut), pattern.slice(cut + 1)] : [pattern, '*'];
}

/** `*` stands for any run of characters. A star that is wanted is covered only by a star. */
function coversText(grant: string, wanted: string): boolean {
  if (grant === wanted || grant === '*') return true;
  if (!grant.includes('*')) return false;
  const pattern = grant
    .split('*')
    .map((part) => RegExp.escape(part))
    .join('.*');
  return new RegExp(`^${pattern}$`, 's').test(wanted);
}
