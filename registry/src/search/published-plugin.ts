import type { Manifest } from '@vp/contracts/manifest';
import type { PublishedPackage, PublishedVersion } from '../catalogue.ts';

/** A version of a package that has a `vp` field. */
export interface PluginVersion extends PublishedVersion {
  readonly manifest: Manifest;
}

/** A published package that is a plugin, with the version that search shows and `install` takes. */
export interface PublishedPlugin {
  readonly package: PublishedPackage;
  readonly shown: PluginVersion;
  /** Whether a deployment can still install it: not all versions are yanked. */
  readonly offered: boolean;
}

/** The plugin in a package; nothing for one that is none (`@vp/contracts`). */
export function pluginOf(published: PublishedPackage | undefined): PublishedPlugin | undefined {
  if (!published) return undefined;
  const { latest, versions } = published;
  const shown =
    versions.find(({ version }) => version === latest) ??
    versions.find(({ facts }) => facts.yanked === undefined) ??
    versions[0];
  if (!shown || !isPlugin(shown)) return undefined;
  return { package: published, shown, offered: shown.facts.yanked === undefined };
}

const isPlugin = (version: PublishedVersion): version is PluginVersion => version.manifest !== undefined;
