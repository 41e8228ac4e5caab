import { readFile } from 'node:fs/promises';
import { manifestSchema } from '@vp/contracts/manifest';
import { rcompare } from 'semver';
import type { Catalogue, PublishedPackage, PublishedVersion } from '../catalogue.ts';
import { readTarball } from '../gate/tarball.ts';
import { type PackageDocument, tarballFile, type VersionDocument } from './document.ts';
import { inTurns } from './in-turns.ts';
import type { PackageStore } from './packages.ts';

/** The catalogue of a data folder, kept by what is written to it. */
export interface LiveCatalogue extends Catalogue {
  changed(document: PackageDocument): void;
}

const maxShownFile = 1024 * 1024;

export async function openCatalogue(store: PackageStore): Promise<LiveCatalogue> {
  const packages = new Map<string, PublishedPackage>();
  const listeners = new Set<(name: string) => void>();
  const documents = await inTurns(await store.names(), (name) => store.read(name));
  for (const document of documents) {
    if (document !== undefined) packages.set(document.name, toPackage(document));
  }
  return {
    packages: () => [...packages.values()],
    get: (name) => packages.get(name),
    async file(name, version, path) {
      if (!packages.get(name)?.versions.some((each) => each.version === version)) return undefined;
      const file = tarballFile(name, version);
      const bytes = await readFile(store.tarballPath(name, file));
      // It passed the gate's limits when it was published.
      const limits = { maxUnpackedBytes: Number.POSITIVE_INFINITY, maxFiles: Number.POSITIVE_INFINITY };
      const text = (await readTarball({ bytes, file, limits })).text(path);
      return text === undefined || text.length > maxShownFile ? undefined : text;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    changed(document) {
      packages.set(document.name, toPackage(document));
      for (const listener of listeners) listener(document.name);
    },
  };
}

function toPackage(document: PackageDocument): PublishedPackage {
  const { name, versions, time, readme, 'dist-tags': tags } = document;
  const all = Object.values(versions).toSorted((a, b) => rcompare(a.version, b.version));
  const { latest } = tags;
  return {
    name,
    latest: latest === undefined || versions[latest]?.vpRegistry.yanked !== undefined ? undefined : latest,
    tags,
    versions: all.map((each) => toVersion(each, time[each.version] ?? '')),
    readme,
  };
}

function toVersion(document: VersionDocument, published: string): PublishedVersion {
  const { version, description = '', license, keywords = [], deprecated, dist, vp, vpRegistry } = document;
  const { engines = {}, dependencies = {}, peerDependencies = {} } = document;
  const manifest = manifestSchema.safeParse(vp);
  return {
    version,
    published,
    size: dist.unpackedSize,
    signed: dist.signatures.length > 0,
    facts: vpRegistry,
    description,
    license,
    keywords,
    engines,
    dependencies,
    peerDependencies,
    manifest: manifest.success ? manifest.data : undefined,
    deprecated,
  };
}
