import type { LockedPackage } from '@vp/contracts/registry';
import { licenseText } from '../policy/index.ts';
import type { PackedFile } from './extract.ts';
import type { Packages } from './places.ts';

/** A package as it came in a tarball: the tarball's own, or one that it brought in its node_modules. */
export interface UnpackedPackage {
  readonly place: string;
  readonly files: readonly PackedFile[];
  readonly entry: LockedPackage;
}

/** Whether a package says that its tarball brings others. */
export const hasBundle = (entry: LockedPackage): boolean => {
  const bundled = entry.bundleDependencies ?? entry.bundledDependencies;
  return bundled === true || (Array.isArray(bundled) && bundled.length > 0);
};

/**
 * Sorts the files of a tarball by package. What lies in the node_modules of a package that says it brings
 * others is a package of its own in the lock and in the index; of any other package it is left out.
 */
export function unpackedPackages(
  place: string,
  files: readonly PackedFile[],
  packages: Packages,
): readonly UnpackedPackage[] {
  const own = packages[place] ?? {};
  const parts = new Map<string, PackedFile[]>([[place, []]]);
  for (const file of files) {
    const home = homeOf(place, file.path);
    if (home === undefined) continue;
    // What the tree has of its own in this place wins over what the tarball brings.
    const isBrought = hasBundle(own) && (packages[home]?.inBundle ?? true) === true;
    if (home !== place && !isBrought) continue;
    const part = parts.get(home) ?? [];
    part.push({ ...file, path: `${place}/${file.path}`.slice(home.length + 1) });
    parts.set(home, part);
  }
  return [...parts].flatMap(([at, list]): UnpackedPackage[] => {
    const manifest = manifestOf(list);
    if (manifest === undefined) return [];
    const entry = at === place ? own : { ...brought(manifest), ...packages[at] };
    const license = licenseText(manifest);
    return [{ place: at, files: list, entry: license === 'unknown' ? entry : { ...entry, license } }];
  });
}

/** The package that a path of a tarball lies in; `undefined` for what lies in a node_modules and in no package. */
function homeOf(place: string, path: string): string | undefined {
  const parts = path.split('/');
  let home = place;
  for (let at = 0; parts[at] === 'node_modules'; ) {
    const length = parts[at + 1]?.startsWith('@') === true ? 3 : 2;
    if (parts.length <= at + length) return undefined;
    home = `${home}/${parts.slice(at, at + length).join('/')}`;
    at += length;
  }
  return home;
}

const facts = ['version', 'dependencies', 'optionalDependencies', 'peerDependencies', 'os', 'cpu', 'libc'];

const brought = (manifest: Readonly<Record<string, unknown>>): LockedPackage => ({
  ...Object.fromEntries(
    facts.flatMap((fact) => (manifest[fact] === undefined ? [] : [[fact, manifest[fact]]])),
  ),
  inBundle: true,
});

/** `undefined` for what is no package; who loads one whose package.json cannot be read will complain. */
function manifestOf(files: readonly PackedFile[]): Readonly<Record<string, unknown>> | undefined {
  const file = files.find(({ path }) => path === 'package.json');
  if (file === undefined) return undefined;
  try {
    return Object(JSON.parse(file.bytes.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}
