import semver from 'semver';
import type { PackageSource } from '../source/source.ts';
import type { ChosenPlugin } from './ideal.ts';
import type { Packages } from './places.ts';

/**
 * Asks for the documents that resolving these plugins will most likely need, all levels of the tree at once,
 * while npm's code is still being loaded. What it guesses wrong costs a request, and nothing else.
 */
export function prefetchDocuments(request: {
  readonly plugins: readonly ChosenPlugin[];
  readonly packages: Packages;
  readonly source: PackageSource;
}): void {
  const { plugins, packages, source } = request;
  const known = new Set(Object.values(packages).map(({ name }) => name));
  for (const place of Object.keys(packages)) known.add(place.slice(place.lastIndexOf('node_modules/') + 13));
  const follow = async (name: string, range: string): Promise<void> => {
    if (known.has(name)) return;
    known.add(name);
    const versions: Readonly<Record<string, unknown>> = Object((await source.dependency(name)).versions);
    const best = semver.maxSatisfying(Object.keys(versions), range);
    if (best !== null) await followAll(Object(versions[best]).dependencies);
  };
  const followAll = (dependencies: unknown) =>
    Promise.all(Object.entries(Object(dependencies)).map(([name, range]) => follow(name, String(range))));
  for (const { document, version } of plugins) {
    const { dependencies, peerDependencies } = document?.versions[version] ?? {};
    // Whoever needs a document that cannot be had asks for it again, and says so.
    followAll({ ...peerDependencies, ...dependencies }).catch(() => {});
  }
}
