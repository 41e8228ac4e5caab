import type { PluginPackage } from '@vp/contracts/manifest';
import semver from 'semver';
import { type Packument, publishedAt } from '../client/packument.ts';
import type { PackageSource } from '../source/source.ts';
import { settingsOf, withoutAlias } from './alias.ts';
import { type ManifestChanges, manifestChanges } from './manifest-changes.ts';
import type { PresentPlugin } from './outlook.ts';
import { isEmpty } from './permission-changes.ts';
import { describeManifest, installedSchemas } from './schema-files.ts';
import { type Setting, type SettingConflict, settingConflicts } from './settings.ts';
import { describeVersion, findVersion } from './version-description.ts';

/** One plugin that goes to another version, and what that means. */
export interface UpgradeStep {
  readonly key: string;
  readonly package: string;
  readonly from: string;
  readonly to: string;
  /** ISO 8601, where the registry says so. */
  readonly published?: string;
  /** By semver: what may break, what is new, what is mended. */
  readonly distance: 'major' | 'minor' | 'patch' | 'other';
  /** Whether vp.toml's range has to change for it. */
  readonly beyondRange: boolean;
  readonly changes: ManifestChanges;
  /** `engines.vp` before and now, where it is another. */
  readonly engines?: { readonly from: string; readonly to: string };
  /** It asks for more than the version before. */
  readonly needsGrant: boolean;
  /** What the project sets and the new version does not take. */
  readonly conflicts: readonly SettingConflict[];
}

export interface InstalledPlugin extends PresentPlugin {
  /** Folder of the package. */
  readonly directory: string;
  readonly manifest: PluginPackage;
}

/** Compares an installed plugin with a version of the registry. */
export async function upgradeStep(request: {
  readonly plugin: InstalledPlugin;
  readonly to: string;
  readonly packument: Packument;
  readonly source: PackageSource;
  readonly settings: readonly Setting[];
}): Promise<UpgradeStep> {
  const { plugin, to, packument, source } = request;
  const target = findVersion(packument, to);
  const vp = withoutAlias(plugin.manifest.vp, plugin.key);
  const settings = settingsOf(request.settings, { manifest: plugin.manifest.vp, key: plugin.key });
  const [old, now] = await Promise.all([
    installedSchemas(plugin.directory, vp).then((files) => describeManifest(vp, files, plugin.package)),
    describeVersion(target, source),
  ]);
  const changes = manifestChanges(old, now);
  const published = publishedAt(packument, target.version);
  const engines = { from: plugin.manifest.engines?.vp ?? '*', to: target.engines?.vp ?? '*' };
  return {
    key: plugin.key,
    package: plugin.package,
    from: plugin.version,
    to: target.version,
    ...(published === undefined ? {} : { published }),
    distance: distanceOf(plugin.version, target.version),
    beyondRange: !semver.satisfies(target.version, plugin.range),
    changes,
    ...(engines.from === engines.to ? {} : { engines }),
    needsGrant: !isEmpty(changes.permissions.added),
    conflicts: settingConflicts(changes, settings),
  };
}

function distanceOf(from: string, to: string): UpgradeStep['distance'] {
  const distance = semver.diff(from, to);
  return distance === 'major' || distance === 'minor' || distance === 'patch' ? distance : 'other';
}
