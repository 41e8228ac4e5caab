import type { Manifest } from '@vp/contracts/manifest';
import type { Badge } from '@vp/contracts/registry';
import type { Catalogue, PublishedPackage, PublishedVersion } from '../../src/catalogue.ts';

/** A catalogue without a server, to put packages in. */
export interface MemoryCatalogue extends Catalogue {
  put(published: PublishedPackage, files?: Readonly<Record<string, string>>): void;
  remove(name: string): void;
}

export function memoryCatalogue(): MemoryCatalogue {
  const packages = new Map<string, PublishedPackage>();
  const files = new Map<string, Readonly<Record<string, string>>>();
  const listeners = new Set<(name: string) => void>();
  const tell = (name: string) => {
    for (const listener of listeners) listener(name);
  };
  return {
    packages: () => [...packages.values()],
    get: (name) => packages.get(name),
    file: async (name, _version, path) => files.get(name)?.[path.replace(/^\.\//, '')],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put(published, texts = {}) {
      packages.set(published.name, published);
      files.set(published.name, texts);
      tell(published.name);
    },
    remove(name) {
      packages.delete(name);
      tell(name);
    },
  };
}

/** A package of one version, or of those given; what is not said is plain. */
export function plugin(init: {
  readonly name: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly readme?: string;
  readonly badge?: Badge;
  readonly manifest?: Partial<Manifest>;
  readonly versions?: readonly (Partial<PublishedVersion> & { readonly version: string })[];
}): PublishedPackage {
  const { name, description = '', keywords = [], badge, readme = '' } = init;
  const manifest: Manifest = { manifestVersion: 1, entry: './dist/plugin.js', ...init.manifest };
  const versions = (init.versions ?? [{ version: '1.0.0' }]).map((version) => ({
    published: '2026-11-20T10:00:00.000Z',
    size: 48_000,
    signed: true,
    facts: { tree: 'sha256-0', manifest: 'sha256-0', ...(badge && { badge }) },
    description,
    license: 'Apache-2.0',
    keywords,
    engines: { node: '>=24.15', vp: '^1.0.0' },
    dependencies: {},
    peerDependencies: { '@vp/plugin-sdk': '^1.0.0' },
    manifest,
    deprecated: undefined,
    ...version,
  }));
  const latest = versions.find(({ facts }) => facts.yanked === undefined)?.version;
  return { name, latest, tags: latest ? { latest } : {}, versions, readme };
}

export const badge = (level: Badge['level'] = 'full', passed = 27): Badge => ({
  level,
  passed,
  failed: level === 'full' ? 0 : 2,
  exempt: 3,
  contributions: ['source files'],
});
