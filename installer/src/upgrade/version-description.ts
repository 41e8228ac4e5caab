import { createHash } from 'node:crypto';
import { describeThrown, didYouMean, isVpError } from '@vp/contracts';
import semver from 'semver';
import { errors as clientErrors } from '../client/errors.ts';
import type { Packument, PackumentVersion } from '../client/packument.ts';
import { manifestOf } from '../client/plain-catalogue.ts';
import type { PackageSource } from '../source/source.ts';
import { errors } from './errors.ts';
import type { DescribedManifest } from './manifest-changes.ts';
import { describeManifest, schemaPaths } from './schema-files.ts';
import { tarballFiles } from './tarball-files.ts';

/** The version of a package that a word names: a version, a tag, or a range. */
export function findVersion(packument: Packument, wanted: string): PackumentVersion {
  const { versions, 'dist-tags': tags, name } = packument;
  const tagged = versions[tags[wanted] ?? wanted];
  if (tagged !== undefined) return tagged;
  const known = Object.keys(versions).filter((each) => semver.valid(each) !== null);
  const best = semver.validRange(wanted) === null ? null : semver.maxSatisfying(known, wanted);
  const found = best === null ? undefined : versions[best];
  if (found !== undefined) return found;
  const suggestion = didYouMean(wanted, semver.rsort(known));
  throw errors.VP_UPGRADE_VERSION_UNKNOWN({ plugin: name, version: wanted, suggestion });
}

/**
 * What a published version is and how it is configured. Its tarball is fetched when schemas lie in files, and looked
 * into only when it is the one that the registry lists.
 */
export async function describeVersion(
  version: PackumentVersion,
  source: PackageSource,
): Promise<DescribedManifest> {
  const { name } = version;
  const registry = source.registryOf(name);
  const manifest = manifestOf(version);
  if ('problem' in manifest)
    throw clientErrors.VP_REGISTRY_NOT_A_PLUGIN({ registry, package: name, problem: manifest.problem });
  const paths = schemaPaths(manifest);
  const files = paths.size === 0 ? new Map<string, string>() : await filesOf(version, source, paths);
  return describeManifest(manifest, files, name);
}

async function filesOf(version: PackumentVersion, source: PackageSource, paths: ReadonlySet<string>) {
  const { name, dist } = version;
  const about = { package: `${name}@${version.version}`, registry: source.registryOf(name) };
  const tarball = await source.tarball({
    name,
    version: version.version,
    resolved: dist.tarball,
    integrity: dist.integrity,
  });
  const actual = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (actual !== dist.integrity) {
    const problem = `its SHA-512 is ${actual}, and not ${dist.integrity ?? 'stated'}`;
    throw errors.VP_UPGRADE_TARBALL_WRONG({ ...about, problem });
  }
  try {
    return await tarballFiles(tarball, (path) => paths.has(path));
  } catch (error) {
    if (isVpError(error)) throw error;
    throw errors.VP_UPGRADE_TARBALL_WRONG({ ...about, problem: describeThrown(error) }, { cause: error });
  }
}
