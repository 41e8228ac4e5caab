import type { Lock, LockedPackage } from '@vp/contracts/registry';
import { fitsPlatform, type Platform } from './platform.ts';

/** The packages of a tree by their places, as a lock lists them. */
export type Packages = Lock['packages'];

const folder = 'node_modules/';

/** Place of the plugin with this key. */
export const placeOf = (key: string): string => folder + key;

/** Name of the folder that a package lies in: its name, or an alias. */
const nameAt = (place: string): string => place.slice(place.lastIndexOf(folder) + folder.length);

/** Name of a package, also of one under an alias. */
export const packageNameAt = (place: string, entry: LockedPackage): string =>
  typeof entry.name === 'string' ? entry.name : nameAt(place);

/** The place of the package that lies around this one; `''` for the tree itself. */
function parentOf(place: string): string {
  const cut = place.lastIndexOf(`/${folder}`);
  return cut === -1 ? '' : place.slice(0, cut);
}

/** Where `name` is found from a package: in its own node_modules, or one further up, as Node.js looks. */
export function findFrom(packages: Packages, from: string, name: string): string | undefined {
  for (let at = from; ; at = parentOf(at)) {
    const place = at === '' ? placeOf(name) : `${at}/${placeOf(name)}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return undefined;
  }
}

const needKinds = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Names that a package may ask for. */
function needsOf(entry: LockedPackage): readonly string[] {
  return needKinds.flatMap((kind) => {
    const list = entry[kind];
    return typeof list === 'object' && list !== null ? Object.keys(list) : [];
  });
}

/** Places of all packages that a package may load, without itself, sorted. */
export function closureOf(packages: Packages, place: string): readonly string[] {
  const found = new Set<string>([place]);
  for (const at of found) {
    for (const name of needsOf(packages[at] ?? {})) {
      const needed = findFrom(packages, at, name);
      if (needed !== undefined) found.add(needed);
    }
  }
  found.delete(place);
  return [...found].sort();
}

/** The packages for one machine: without optional ones of others, and without what only those need. */
export function packagesFor(packages: Packages, roots: readonly string[], platform: Platform): Packages {
  const fits = (place: string) => {
    const { os, cpu, libc } = packages[place] ?? {};
    return fitsPlatform({ os, cpu, libc }, platform);
  };
  const found = new Set<string>(roots.filter((place) => packages[place] !== undefined));
  for (const at of found) {
    for (const name of needsOf(packages[at] ?? {})) {
      const needed = findFrom(packages, at, name);
      // One that is needed and not for this machine is kept, so that it can be named.
      if (needed !== undefined && (fits(needed) || !isOptional(packages[needed] ?? {}))) found.add(needed);
    }
  }
  return Object.fromEntries(Object.entries(packages).filter(([place]) => found.has(place)));
}

export const isOptional = (entry: LockedPackage): boolean =>
  entry.optional === true || entry.devOptional === true;

/** `pg@8.1.0 (needed by @vp/postgres)`: which plugins a package is there for. */
export function neededBy(packages: Packages, roots: readonly string[], place: string): readonly string[] {
  return roots.filter((root) => root !== place && closureOf(packages, root).includes(place)).map(nameAt);
}

/** The packages that these may load, themselves among them, for all platforms. */
export function reachable(packages: Packages, roots: readonly string[]): Packages {
  const found = new Set(roots.flatMap((root) => [root, ...closureOf(packages, root)]));
  return Object.fromEntries(Object.entries(packages).filter(([place]) => found.has(place)));
}
