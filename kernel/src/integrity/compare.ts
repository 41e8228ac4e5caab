import { lstatSync, readdirSync } from 'node:fs';
import { hashOf, type PackageTree, scanPackage } from './tree.ts';

/** A file that is not as it was when its package was installed. */
export interface FileDifference {
  /** With `/`, relative to the package; `''` for the package as a whole. */
  readonly file: string;
  readonly kind: 'changed' | 'missing' | 'extra';
}

/** What a look at an installed package found. */
export type Comparison =
  | {
      readonly ok: true;
      /** The package as it is now, when only times differ from those that are known. */
      readonly refreshed?: PackageTree;
    }
  | { readonly ok: false; readonly differences: readonly FileDifference[] };

export interface CompareRequest {
  /** Of the package. */
  readonly directory: string;
  /** What the index says of it. */
  readonly indexed: PackageTree;
  /** The tree hash that the lock vouches for. */
  readonly tree: string;
  /** Reads every file, whatever the times say. */
  readonly thorough?: boolean;
}

/**
 * Holds a package against the lock. Where size and times of all files and folders are those of the
 * index, nothing is read; where one differs, every file is.
 */
export function comparePackage(request: CompareRequest): Comparison {
  const { directory, indexed, tree, thorough = false } = request;
  if (!thorough && isTrustworthy(indexed, tree) && isUntouched(directory, indexed)) return { ok: true };
  if (!isFolder(directory)) return { ok: false, differences: [{ file: '', kind: 'missing' }] };
  const { strange, ...found } = scanPackage(directory);
  if (found.tree === tree && strange.length === 0) return { ok: true, refreshed: found };
  const differences = [
    ...strange.map((file): FileDifference => ({ file, kind: indexed.files?.[file] ? 'changed' : 'extra' })),
    ...differencesOf(indexed.files ?? {}, found.files),
  ];
  // An index that is wrong itself names no file: then it is the package as a whole.
  return { ok: false, differences: differences.length > 0 ? differences : [{ file: '', kind: 'changed' }] };
}

/** Whether the index speaks of the files that the lock vouches for; hashes that were edited do not add up. */
const isTrustworthy = (indexed: PackageTree, tree: string): boolean =>
  indexed.tree === tree &&
  isTable(indexed.files) &&
  isTable(indexed.folders) &&
  hashOf(indexed.files) === tree;

const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null;

function isUntouched(directory: string, { files, folders }: PackageTree): boolean {
  for (const [path, { mtime, ctime }] of Object.entries(folders)) {
    const stat = lstatSync(`${directory}/${path}`, { throwIfNoEntry: false });
    if (stat === undefined || stat.mtimeMs !== mtime || !stat.isDirectory()) return false;
    if (ctime !== undefined && stat.ctimeMs !== ctime) return false;
  }
  for (const [path, { size, mtime, ctime }] of Object.entries(files)) {
    const stat = lstatSync(`${directory}/${path}`, { throwIfNoEntry: false });
    if (stat === undefined || stat.size !== size || stat.mtimeMs !== mtime || stat.ctimeMs !== ctime) {
      return false;
    }
  }
  return true;
}

function differencesOf(then: PackageTree['files'], now: PackageTree['files']): readonly FileDifference[] {
  const found: FileDifference[] = [];
  for (const [file, { sha256 }] of Object.entries(then)) {
    const here = now[file];
    if (here === undefined) found.push({ file, kind: 'missing' });
    else if (here.sha256 !== sha256) found.push({ file, kind: 'changed' });
  }
  for (const file of Object.keys(now)) if (!Object.hasOwn(then, file)) found.push({ file, kind: 'extra' });
  return found;
}

const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Packages in a `node_modules` folder that nobody installed: an import that used to find nothing, or
 * another version, would find them.
 *
 * @param modules place of the folder: `node_modules`, `node_modules/a/node_modules`
 */
export function strayPackages(init: {
  readonly folder: string;
  readonly modules: string;
  readonly places: ReadonlySet<string>;
}): readonly string[] {
  const { folder, modules, places } = init;
  return namesIn(`${folder}/${modules}`)
    .flatMap((name) =>
      name.startsWith('@')
        ? namesIn(`${folder}/${modules}/${name}`).map((inner) => `${name}/${inner}`)
        : [name],
    )
    .map((name) => `${modules}/${name}`)
    .filter((place) => !places.has(place));
}

/** Node finds no package whose name begins with a dot; npm keeps `.bin` and `.package-lock.json` here. */
function namesIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}
