import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Json } from '@vp/contracts';
import { canonicalJson, formatLock, type Lock, type LockedPackage, lockDigest } from '@vp/contracts/registry';
import type { Packument } from '../client/packument.ts';
import { readProjectLock } from '../lock/project-lock.ts';
import { readProjectFile } from '../project/declared.ts';
import type { PackageSource } from '../source/source.ts';
import { neededBy, packageNameAt, packagesFor, placeOf } from '../tree/places.ts';
import { fitsPlatform, type Platform, thisPlatform } from '../tree/platform.ts';
import { tarballFiles } from '../upgrade/tarball-files.ts';
import { errors } from './errors.ts';
import { type BundleContents, type BundleRegistries, members } from './format.ts';
import type { BundleKey } from './key.ts';
import { platformText } from './platform.ts';
import { bundledDocuments, bundledRegistries } from './registry-facts.ts';
import { writeBundle } from './writer.ts';

export interface BundleRequest {
  readonly projectDir: string;
  /** Where the bundle is to lie. */
  readonly output: string;
  /** Machines that it is for; this one when left out. */
  readonly platforms?: readonly Platform[] | undefined;
  readonly source: PackageSource;
  readonly key: BundleKey;
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly plugin: boolean;
}

/** What is in a bundle, or would be. */
export interface BundleList {
  readonly platforms: readonly string[];
  readonly plugins: readonly { readonly key: string; readonly package: string; readonly version: string }[];
  /** Tarballs, those of the plugins among them. */
  readonly packages: readonly BundledPackage[];
}

export interface BundleSummary extends BundleList {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly keyid: string;
  /** Digest of the lock. */
  readonly lock: string;
}

/** A tarball that has to be in the bundle. */
interface Wanted {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly resolved: string | undefined;
}

const atOnce = 3;

/**
 * Puts all that a project's plugins need into one signed file: for the same lock, registries and key the same bytes.
 * At most a few tarballs are in memory at a time.
 */
export async function createBundle(request: BundleRequest): Promise<BundleSummary> {
  const { projectDir, source, key, signal, progress, now = new Date() } = request;
  const { platforms = [thisPlatform()] } = request;
  const { lock, ranges } = lockOf(projectDir);
  const wanted = wantedPackages(lock, platforms);
  const { documents, registries } = await factsOf({ lock, source, now });
  await inPool(wanted, async (each) => {
    signal?.throwIfAborted();
    await tarballOf(each, request);
  });
  return writeBundle(resolve(request.output), async (writer) => {
    const { files } = writer;
    const json = (name: string, value: unknown) =>
      writer.add(name, Buffer.from(`${canonicalJson(value as Json)}\n`));
    await writer.add(members.lock, Buffer.from(formatLock(lock)));
    await json(members.documents, documents);
    await json(members.registries, registries);
    const packages: Record<string, string> = {};
    const readmes: Record<string, string> = {};
    for (const [index, each] of wanted.entries()) {
      signal?.throwIfAborted();
      const tarball = await tarballOf(each, request);
      const name = `packages/${digestHex('sha256', tarball)}.tgz`;
      if (files[name] === undefined) await writer.add(name, tarball);
      packages[each.integrity] = name;
      const label = `${each.name}@${each.version}`;
      if (documents[each.name]?.versions[each.version] !== undefined) {
        const readme = await readmeOf(tarball);
        const place = `readme/${digestHex('sha256', Buffer.from(label)).slice(0, 16)}.md`;
        if (readme !== undefined && files[place] === undefined) await writer.add(place, readme);
        if (readme !== undefined) readmes[label] = place;
      }
      progress?.(index + 1, wanted.length);
    }
    const contents: BundleContents = {
      bundleVersion: 1,
      platforms: [...platforms],
      lock: lockDigest(lock),
      registries: registriesOf(wanted, source),
      plugins: Object.fromEntries(
        Object.entries(lock.plugins).map(([plugin, { package: name, version }]) => [
          plugin,
          { package: name, version, range: ranges.get(plugin) ?? version },
        ]),
      ),
      packages,
      readmes,
      files: { ...files },
    };
    const text = Buffer.from(`${canonicalJson(contents as Json)}\n`);
    await writer.add(members.contents, text);
    await json(members.signature, key.sign(text));
    return {
      ...listOf(lock, wanted, platforms),
      file: resolve(request.output),
      size: writer.size,
      keyid: key.keyid,
      lock: contents.lock,
    };
  });
}

/** What a bundle would hold, without asking anybody. */
export function listBundle(request: Pick<BundleRequest, 'projectDir' | 'platforms'>): BundleList {
  const { projectDir, platforms = [thisPlatform()] } = request;
  const { lock } = lockOf(projectDir);
  return listOf(lock, wantedPackages(lock, platforms), platforms);
}

function listOf(lock: Lock, wanted: readonly Wanted[], platforms: readonly Platform[]): BundleList {
  const plugins = Object.entries(lock.plugins).map(([key, { package: name, version }]) => {
    return { key, package: name, version };
  });
  const isPlugin = ({ name, version }: Wanted) =>
    plugins.some((each) => each.package === name && each.version === version);
  return {
    platforms: platforms.map(platformText),
    plugins,
    packages: wanted.map((each) => ({ name: each.name, version: each.version, plugin: isPlugin(each) })),
  };
}

function lockOf(projectDir: string): { readonly lock: Lock; readonly ranges: ReadonlyMap<string, string> } {
  const project = readProjectFile(projectDir);
  const { lock } = readProjectLock(projectDir, project.plugins);
  if (lock === undefined || Object.keys(lock.plugins).length === 0)
    throw errors.VP_BUNDLE_NO_LOCK({ folder: projectDir });
  const missing = project.plugins.filter(({ key }) => lock.plugins[key] === undefined);
  if (missing.length > 0) throw errors.VP_BUNDLE_LOCK_OLD({ keys: missing.map(({ key }) => key) });
  return { lock, ranges: new Map(project.plugins.map(({ key, range }) => [key, range])) };
}

async function factsOf(request: {
  readonly lock: Lock;
  readonly source: PackageSource;
  readonly now: Date;
}): Promise<{
  readonly documents: Readonly<Record<string, Packument>>;
  readonly registries: BundleRegistries;
}> {
  const [documents, registries] = await Promise.all([bundledDocuments(request), bundledRegistries(request)]);
  return { documents, registries };
}

/** The packages of a lock that these machines need, each once. */
function wantedPackages({ plugins, packages }: Lock, platforms: readonly Platform[]): readonly Wanted[] {
  const roots = Object.keys(plugins).map(placeOf);
  const found = new Map<string, Wanted>();
  for (const platform of platforms) {
    for (const [place, entry] of Object.entries(packagesFor(packages, roots, platform))) {
      // It lies in the tarball of the package around it.
      if (entry.inBundle === true) continue;
      const each = wantedPackage(place, entry);
      const { os, cpu, libc } = entry;
      if (!fitsPlatform({ os, cpu, libc }, platform))
        throw errors.VP_BUNDLE_NOT_FOR({
          package: `${each.name}@${each.version}`,
          platform: platformText(platform),
          needed: neededBy(packages, roots, place),
        });
      found.set(each.integrity, each);
    }
  }
  return [...found.values()].toSorted((a, b) => (label(a) < label(b) ? -1 : 1));
}

const label = ({ name, version, integrity }: Wanted) => `${name}@${version} ${integrity}`;

function wantedPackage(place: string, entry: LockedPackage): Wanted {
  const name = packageNameAt(place, entry);
  const { version = '', integrity, resolved } = entry;
  if (integrity === undefined || !integrity.startsWith('sha512-'))
    throw errors.VP_BUNDLE_NO_INTEGRITY({ package: `${name}@${version}` });
  return { name, version, integrity, resolved: typeof resolved === 'string' ? resolved : undefined };
}

async function tarballOf(wanted: Wanted, { source, signal }: BundleRequest): Promise<Buffer> {
  const tarball = await source.tarball({ ...wanted, signal });
  const found = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (found === wanted.integrity) return tarball;
  const { name, version, integrity } = wanted;
  throw errors.VP_BUNDLE_WRONG_PACKAGE({ package: `${name}@${version}`, wanted: integrity, found });
}

async function readmeOf(tarball: Buffer): Promise<Buffer | undefined> {
  const files = await tarballFiles(tarball, (path) => /^readme(\.md|\.markdown)?$/i.test(path));
  const [text] = files.values();
  return text === undefined ? undefined : Buffer.from(text);
}

/** Which registry serves what, of the scopes that the bundle has packages of. */
function registriesOf(wanted: readonly Wanted[], source: PackageSource): BundleContents['registries'] {
  const standard = source.registryOf('unscoped');
  const scopes = new Set(wanted.map(({ name }) => name).filter((name) => name.startsWith('@')));
  const entries = [...scopes]
    .map((name) => [name.slice(0, name.indexOf('/')), source.registryOf(name)] as const)
    .filter(([, url]) => url !== standard);
  return { default: standard, scopes: Object.fromEntries(entries) };
}

/** As many at a time as a registry likes; the first fault ends it. */
async function inPool<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  let failed = false;
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined && !failed; next = queue.shift()) {
      try {
        await work(next);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const digestHex = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex');
