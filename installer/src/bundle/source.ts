import { didYouMean } from '@vp/contracts';
import type { Lock } from '@vp/contracts/registry';
import semver from 'semver';
import type { Packument } from '../client/packument.ts';
import type { PackageSource } from '../source/source.ts';
import { packageNameAt } from '../tree/places.ts';
import { errors } from './errors.ts';
import type { BundleContents, BundleRegistries } from './format.ts';
import type { ArchiveReader } from './reader.ts';

/** The packages of a bundle, as the installer asks registries for theirs. */
export function bundleSource(init: {
  readonly archive: ArchiveReader;
  readonly contents: BundleContents;
  readonly lock: Lock;
  readonly documents: Readonly<Record<string, Packument>>;
  readonly registries: BundleRegistries;
}): PackageSource {
  const { archive, contents, lock, documents, registries } = init;
  const { file } = archive;
  return {
    registryOf(name) {
      const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : '';
      return contents.registries.scopes[scope] ?? contents.registries.default;
    },
    async packument(name) {
      const found = documents[name];
      if (found !== undefined) return found;
      const suggestion = didYouMean(name, Object.keys(documents));
      throw errors.VP_BUNDLE_HAS_NOT({ file, package: name, suggestion });
    },
    async dependency(name) {
      const found = lockedDocument(lock, name);
      if (found !== undefined) return found;
      // npm's own code for "there is no such package": an optional one may be missing.
      throw Object.assign(errors.VP_BUNDLE_HAS_NOT({ file, package: name, suggestion: '' }), {
        code: 'E404',
      });
    },
    async tarball({ name, version, integrity }) {
      const member = integrity === undefined ? undefined : contents.packages[integrity];
      if (member !== undefined) return archive.read(member);
      throw errors.VP_BUNDLE_HAS_NOT({ file, package: `${name}@${version}`, suggestion: '' });
    },
    keys: async (registry) => registries[registry]?.keys ?? [],
    killList: async (registry) => registries[registry]?.killList,
    packages: lock.packages,
  };
}

/** npm's short document of a package, with the versions that the lock has of it. */
function lockedDocument(lock: Lock, name: string): Readonly<Record<string, unknown>> | undefined {
  const entries = Object.entries(lock.packages).filter(
    ([place, entry]) => packageNameAt(place, entry) === name,
  );
  const versions = Object.fromEntries(
    entries.map(([, { tree: _, resolved, integrity, version = '', ...entry }]) => [
      version,
      { ...entry, name, version, dist: { tarball: resolved, integrity } },
    ]),
  );
  const [latest] = semver.rsort(Object.keys(versions).filter((each) => semver.valid(each) !== null));
  return latest === undefined ? undefined : { name, 'dist-tags': { latest }, versions };
}
