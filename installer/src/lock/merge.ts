import { isDeepStrictEqual } from 'node:util';
import { type Lock, type LockedPlugin, lockFile } from '@vp/contracts/registry';
import { parseLock } from '@vp/kernel';
import semver from 'semver';
import { errors } from '../errors.ts';
import type { DeclaredPlugin } from '../resolve/choose.ts';

/**
 * The lock that two branches come to together, when `text` holds the markers of their merge: plugins that
 * one of them added, and of one that both changed the version that vp.toml asks for.
 *
 * @returns `undefined` for a lock without markers
 * @throws VpError `VP_INSTALL_LOCK_SIDES`, or what is wrong with one of the sides
 */
export function mergedLock(text: string, declared: readonly DeclaredPlugin[]): Lock | undefined {
  const sides = sidesOf(text);
  if (sides === undefined) return undefined;
  const [ours, theirs] = sides.map((side) => parseLock(side, lockFile).lock);
  if (ours === undefined || theirs === undefined) return undefined;
  const plugins: Record<string, LockedPlugin> = {};
  for (const { key, range } of declared) {
    const [one, other] = [ours.plugins[key], theirs.plugins[key]];
    const picked = pick({ key, range, one, other });
    if (picked !== undefined) plugins[key] = picked;
  }
  return {
    lockVersion: 1,
    plugins,
    registries: mergedRegistries(ours.registries, theirs.registries),
    packages: mergedPackages(ours.packages, theirs.packages),
  };
}

/** The two texts that a merge could not decide between, or `undefined` when there is no such merge. */
function sidesOf(text: string): readonly [string, string] | undefined {
  const lines = text.split(/\r?\n/);
  if (!lines.some((line) => line.startsWith('<<<<<<< '))) return undefined;
  const sides: [string[], string[]] = [[], []];
  let at: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  for (const line of lines) {
    if (/^<{7}( |$)/.test(line)) at = 'ours';
    else if (at === 'ours' && /^\|{7}( |$)/.test(line)) at = 'base';
    else if ((at === 'ours' || at === 'base') && /^={7}$/.test(line)) at = 'theirs';
    else if (at === 'theirs' && /^>{7}( |$)/.test(line)) at = 'both';
    else {
      if (at === 'both' || at === 'ours') sides[0].push(line);
      if (at === 'both' || at === 'theirs') sides[1].push(line);
    }
  }
  // Markers that do not close are for the reader of locks to complain about, with the line.
  return at === 'both' ? [sides[0].join('\n'), sides[1].join('\n')] : undefined;
}

function pick(request: {
  readonly key: string;
  readonly range: string;
  readonly one: LockedPlugin | undefined;
  readonly other: LockedPlugin | undefined;
}): LockedPlugin | undefined {
  const { key, range, one, other } = request;
  if (one === undefined || other === undefined) return one ?? other;
  const { grants: _, ...a } = one;
  const { grants: __, ...b } = other;
  if (isDeepStrictEqual(a, b)) return one;
  const fits = [one, other].filter(
    ({ version }) =>
      semver.validRange(range) !== null && semver.satisfies(version, range, { includePrerelease: true }),
  );
  if (fits.length === 1) return fits[0];
  throw errors.VP_INSTALL_LOCK_SIDES({ key, one: one.version, other: other.version });
}

function mergedRegistries(a: Lock['registries'], b: Lock['registries']): Lock['registries'] {
  const urls = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...urls].map((url) => {
      const keys = [...(a[url]?.keys ?? []), ...(b[url]?.keys ?? [])];
      return [url, { keys: [...new Map(keys.map((key) => [key.keyid, key])).values()] }];
    }),
  );
}

/** Places that hold another package on each side are resolved anew. */
function mergedPackages(a: Lock['packages'], b: Lock['packages']): Lock['packages'] {
  const places = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const merged = places.flatMap((place): [string, Lock['packages'][string]][] => {
    const [one, other] = [a[place], b[place]];
    const entry = one ?? other;
    const isOne = one === undefined || other === undefined || one.integrity === other.integrity;
    return entry !== undefined && isOne ? [[place, entry]] : [];
  });
  return Object.fromEntries(merged);
}
