import { type Manifest, manifestSchema } from '@vp/contracts/manifest';
import type { PluginDetail, PluginSummary } from '@vp/contracts/registry';
import semver from 'semver';
import { licenseText } from '../policy/license.ts';
import { contributionsOf } from './contributions.ts';
import { type Packument, type PackumentVersion, publishedAt } from './packument.ts';

/** The `vp` field of a version, when it has a valid one; else what is wrong with it. */
export function manifestOf(version: PackumentVersion): Manifest | { readonly problem: string } {
  if (version.vp === undefined) return { problem: 'its package.json has no "vp" field' };
  const result = manifestSchema.safeParse(version.vp);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return { problem: `"vp.${issue?.path.join('.')}" of its package.json is not valid: ${issue?.message}` };
}

/** The version that a registry shows first: its `latest`, or the newest. */
export function shownVersion(packument: Packument): PackumentVersion | undefined {
  const { versions, 'dist-tags': tags } = packument;
  const latest = tags.latest;
  const newest = Object.keys(versions).filter((each) => semver.valid(each) !== null);
  return versions[latest ?? ''] ?? versions[semver.rsort(newest)[0] ?? ''];
}

/**
 * A plugin as search results show it, from the document of a registry that knows nothing of plugins. What the
 * document says of badges is left out there: it is the author's own word.
 */
export function plainSummary(packument: Packument, manifest: Manifest): PluginSummary {
  const shown = shownVersion(packument);
  const version = shown?.version ?? '';
  const license = shown === undefined ? 'unknown' : licenseText(shown);
  return {
    name: packument.name,
    version,
    description: shown?.description ?? '',
    ...(manifest.displayName === undefined ? {} : { displayName: manifest.displayName }),
    ...(license === 'unknown' ? {} : { license }),
    published: publishedAt(packument, version) ?? '',
    contributions: contributionsOf(manifest),
    permissions: manifest.permissions ?? {},
    isolation: manifest.isolation ?? 'in-process',
    size: shown?.dist.unpackedSize ?? 0,
  };
}

/** All that such a document tells of a plugin, see {@link plainSummary}. */
export function plainDetail(packument: Packument, manifest: Manifest): PluginDetail {
  const versions = Object.values(packument.versions).filter(({ version }) => semver.valid(version) !== null);
  return {
    ...plainSummary(packument, manifest),
    readme: packument.readme ?? '',
    manifest,
    versions: versions
      .toSorted((a, b) => semver.rcompare(a.version, b.version))
      .map(({ version, dist }) => ({
        version,
        published: publishedAt(packument, version) ?? '',
        size: dist.unpackedSize ?? 0,
        signed: (dist.signatures ?? []).length > 0,
      })),
  };
}
