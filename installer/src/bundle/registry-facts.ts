import type { Lock } from '@vp/contracts/registry';
import semver from 'semver';
import { type Packument, publishedAt } from '../client/packument.ts';
import type { PackageSource } from '../source/source.ts';
import { verifyKillList } from '../trust/index.ts';
import { errors } from './errors.ts';
import type { BundleRegistries } from './format.ts';

interface FactsRequest {
  readonly lock: Lock;
  readonly source: PackageSource;
  readonly now: Date;
}

/** The documents of the plugins, with the versions of the lock and nothing else. */
export async function bundledDocuments({
  lock,
  source,
}: FactsRequest): Promise<Readonly<Record<string, Packument>>> {
  const plugins = Object.values(lock.plugins);
  const names = [...new Set(plugins.map((each) => each.package))].toSorted();
  const documents = await Promise.all(
    names.map(async (name) => {
      const own = plugins.filter((each) => each.package === name);
      const versions = semver.rsort([...new Set(own.map(({ version }) => version))]);
      const document = trimmed(await source.packument(name), versions);
      for (const { version, integrity: wanted } of own) {
        const found = document.versions[version]?.dist.integrity ?? 'without a SHA-512';
        if (found === wanted) continue;
        throw errors.VP_BUNDLE_WRONG_PACKAGE({ package: `${name}@${version}`, wanted, found });
      }
      return [name, document] as const;
    }),
  );
  return Object.fromEntries(documents);
}

/** A document with a few of its versions: what a bundle needs of it is the same whatever is published later. */
function trimmed(packument: Packument, wanted: readonly string[]): Packument {
  const { name, versions } = packument;
  const [newest = ''] = wanted;
  const kept = wanted.map((version) => {
    const found = versions[version];
    if (found !== undefined) return [version, found] as const;
    throw errors.VP_BUNDLE_WITHDRAWN({ plugin: `${name}@${version}`, reason: 'its registry has it no more' });
  });
  const times = wanted.map((version) => [version, publishedAt(packument, version)] as const);
  return {
    name,
    'dist-tags': { latest: newest },
    versions: Object.fromEntries(kept),
    time: Object.fromEntries(times.filter(([, time]) => time !== undefined)),
  };
}

/** Keys and lists of withdrawn versions. What was withdrawn is not carried into places that nobody can call back. */
export async function bundledRegistries({ lock, source, now }: FactsRequest): Promise<BundleRegistries> {
  const urls = [...new Set(Object.values(lock.plugins).map(({ registry }) => registry))].toSorted();
  const entries = await Promise.all(
    urls.map(async (registry): Promise<[string, BundleRegistries[string]]> => {
      const pinned = lock.registries[registry]?.keys ?? [];
      const [keys, killList] = await Promise.all([source.keys(registry), source.killList(registry)]);
      if (killList === undefined) return [registry, { keys: [...keys] }];
      verifyKillList({ list: killList, registry, keys, pinned, now });
      for (const { package: name, version, registry: from } of Object.values(lock.plugins)) {
        const entry = killList.entries.find((each) => each.package === name && each.version === version);
        if (from === registry && entry !== undefined)
          throw errors.VP_BUNDLE_WITHDRAWN({ plugin: `${name}@${version}`, reason: entry.reason });
      }
      return [registry, { keys: [...keys], killList }];
    }),
  );
  return Object.fromEntries(entries);
}
