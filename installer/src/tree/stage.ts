import { createHash, hash } from 'node:crypto';
import { constants, copyFile, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { VpError } from '@vp/contracts';
import { type InstalledIndex, type LockedPackage, treeHash } from '@vp/contracts/registry';
import { errors } from '../errors.ts';
import type { PackageSource } from '../source/source.ts';
import { hasBundle, unpackedPackages } from './bundled.ts';
import { unpack, type WrittenFile, writeFiles } from './extract.ts';
import { inLanes } from './in-lanes.ts';
import { closureOf, type Packages, packageNameAt, placeOf } from './places.ts';

type IndexedPackage = InstalledIndex['packages'][string];

/** A generation that is there already: packages that it has are copied from it. */
export interface PresentGeneration {
  readonly folder: string;
  readonly index: InstalledIndex;
  readonly packages: Packages;
}

export interface StageRequest {
  /** Empty, and of nobody else. */
  readonly folder: string;
  /** Packages for this machine, by place. */
  readonly packages: Packages;
  /** Keys of the plugins among them. */
  readonly plugins: readonly string[];
  readonly source: PackageSource;
  readonly present?: PresentGeneration | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

export interface Staged {
  readonly index: InstalledIndex['packages'];
  /** The packages with their SHA-512 and tree hashes. */
  readonly packages: Packages;
  readonly downloaded: number;
  readonly copied: number;
}

/** How many tarballs are fetched at a time. */
const lanes = 12;

/**
 * Lays out a tree of packages in a new folder: copied from the present generation where that has the same,
 * else from tarballs whose SHA-512 is checked. No script of any package runs.
 */
export async function stage(request: StageRequest): Promise<Staged> {
  const { folder, packages, source, signal, progress } = request;
  const written = new Map<string, readonly WrittenFile[]>();
  const entries = new Map<string, LockedPackage>(Object.entries(packages));
  const own = Object.keys(packages).filter((place) => packages[place]?.inBundle !== true);
  let copied = 0;
  let done = 0;
  const fetches: string[] = [];
  await inLanes(own, lanes, async (place) => {
    const files = await copyFromPresent(request, place);
    if (files === undefined) fetches.push(place);
    else {
      written.set(place, files);
      copied++;
      progress?.(++done, own.length);
    }
  });
  await inLanes(fetches, lanes, async (place) => {
    signal?.throwIfAborted();
    const entry = packages[place] ?? {};
    const { tarball, integrity } = await checkedTarball({ source, place, entry, signal });
    const plugin = request.plugins.some((key) => placeOf(key) === place);
    const files = await unpack(tarball, { package: label(place, entry), plugin });
    for (const unpacked of unpackedPackages(place, files, packages)) {
      const { place: at, entry: found } = unpacked;
      written.set(at, await writeFiles(join(folder, at), unpacked.files));
      entries.set(at, at === place ? { ...found, integrity } : found);
    }
    progress?.(++done, own.length);
  });
  const index: Record<string, IndexedPackage> = {};
  const all = Object.fromEntries(entries);
  for (const [place, files] of written) {
    const tree = treeHash(files);
    refuseOtherTree(place, packages[place], tree);
    index[place] = { tree, closure: [...closureOf(all, place)], ...stats(join(folder, place), files) };
    entries.set(place, { ...entries.get(place), tree });
  }
  return {
    index: sortedByKey(index),
    packages: Object.fromEntries(entries),
    downloaded: fetches.length,
    copied,
  };
}

export const label = (place: string, entry: LockedPackage): string =>
  `${packageNameAt(place, entry)}@${entry.version ?? '?'}`;

async function checkedTarball(request: {
  readonly source: PackageSource;
  readonly place: string;
  readonly entry: LockedPackage;
  readonly signal: AbortSignal | undefined;
}): Promise<{ readonly tarball: Buffer; readonly integrity: string }> {
  const { source, place, entry, signal } = request;
  const name = packageNameAt(place, entry);
  const { version = '', integrity, resolved } = entry;
  const from = typeof resolved === 'string' ? resolved : undefined;
  if (from !== undefined && !/^https?:/.test(from))
    throw errors.VP_INSTALL_FOREIGN_SOURCE({ package: label(place, entry), from });
  const tarball = await source.tarball({ name, version, integrity, resolved: from, signal });
  const found = `sha512-${hash('sha512', tarball, 'base64')}`;
  const wrong = (seen: string): VpError =>
    errors.VP_INSTALL_INTEGRITY({
      package: label(place, entry),
      from: source.registryOf(name),
      wanted: integrity ?? '',
      found: seen,
    });
  const promised = (integrity ?? '').split(/\s+/).filter((each) => /^sha(?:1|256|384|512)-/.test(each));
  if (promised.length === 0) {
    const about = { package: label(place, entry), registry: source.registryOf(name) };
    throw errors.VP_INSTALL_NO_INTEGRITY(about);
  }
  const strong = promised.filter((each) => each.startsWith('sha512-'));
  if (strong.length > 0 && !strong.includes(found)) throw wrong(found);
  if (strong.length === 0) {
    for (const each of promised) {
      const [algorithm = '', digest] = each.split('-', 2);
      const seen = createHash(algorithm).update(tarball).digest('base64');
      if (seen !== digest) throw wrong(`${algorithm}-${seen}`);
    }
  }
  return { tarball, integrity: found };
}

function refuseOtherTree(place: string, entry: LockedPackage | undefined, tree: string): void {
  if (entry?.tree === undefined || entry.tree === tree) return;
  const about = { package: label(place, entry), wanted: entry.tree, found: tree };
  throw errors.VP_INSTALL_TREE({ ...about, promised: 'vp.lock' });
}

/** The files of a package, copied from the present generation, if that has the very same. */
async function copyFromPresent(
  request: StageRequest,
  place: string,
): Promise<readonly WrittenFile[] | undefined> {
  const { present, folder } = request;
  const wanted = request.packages[place];
  const had = present?.packages[place];
  const indexed = present?.index.packages[place];
  if (present === undefined || wanted === undefined || had === undefined || indexed === undefined)
    return undefined;
  const isSame =
    had.integrity === wanted.integrity && had.version === wanted.version && had.tree === indexed.tree;
  if (!isSame || wanted.integrity === undefined || hasBundle(wanted)) return undefined;
  const files = Object.entries(indexed.files);
  const listed = files.map(([path, { sha256, size }]) => ({ path, sha256, size }));
  if (treeHash(listed) !== indexed.tree) return undefined;
  const isTouched = files.some(([path, { size, mtime, ctime }]) => {
    const stat = lstatSync(join(present.folder, place, path), { throwIfNoEntry: false });
    return stat?.size !== size || stat.mtimeMs !== mtime || stat.ctimeMs !== ctime;
  });
  // What somebody touched is taken from its tarball again.
  if (isTouched) return undefined;
  for (const parent of new Set(files.map(([path]) => dirname(path))))
    mkdirSync(join(folder, place, parent), { recursive: true });
  // Copies, or clones where the file system can: a link would let one generation change another.
  const to = (path: string) => join(folder, place, path);
  let isForged = false;
  await inLanes(listed, lanes, async ({ path, sha256 }) => {
    await copy(join(present.folder, place, path), to(path), constants.COPYFILE_FICLONE);
    // Times can be written into an index as well as into a file: the bytes that were copied count.
    isForged ||= hash('sha256', readFileSync(to(path)), 'hex') !== sha256;
  });
  if (!isForged) return listed;
  for (const { path } of listed) rmSync(to(path), { force: true });
  return undefined;
}

const copy = promisify(copyFile);

/** Sizes and times, once everything of a package is in its place. */
function stats(directory: string, files: readonly WrittenFile[]): Pick<IndexedPackage, 'files' | 'folders'> {
  const folders = new Set<string>(['']);
  const listed: Record<string, IndexedPackage['files'][string]> = {};
  for (const { path, sha256 } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const { size, mtimeMs, ctimeMs } = lstatSync(join(directory, path));
    listed[path] = { sha256, size, mtime: mtimeMs, ctime: ctimeMs };
    for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.add(at);
  }
  const times: Record<string, IndexedPackage['folders'][string]> = {};
  for (const path of [...folders].sort()) {
    const { mtimeMs, ctimeMs } = lstatSync(join(directory, path));
    times[path] = { mtime: mtimeMs, ctime: ctimeMs };
  }
  return { files: listed, folders: times };
}

const sortedByKey = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
