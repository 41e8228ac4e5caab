import type { PluginDetail, PluginSummary } from '@vp/contracts/registry';
import { contributionsOf } from './contributions.ts';
import type { PublishedPlugin } from './published-plugin.ts';

/** A plugin as search results show it. */
export function summaryOf({ package: { name }, shown }: PublishedPlugin): PluginSummary {
  const { version, description, license, published, manifest, facts, size } = shown;
  const { displayName, permissions = {}, isolation = 'in-process' } = manifest;
  return {
    name,
    version,
    description,
    ...(displayName && { displayName }),
    ...(license && { license }),
    published,
    contributions: contributionsOf(manifest),
    permissions,
    isolation,
    ...(facts.badge && { badge: facts.badge }),
    size,
  };
}

/** Everything that the registry tells of a plugin. */
export function detailOf(plugin: PublishedPlugin): PluginDetail {
  return {
    ...summaryOf(plugin),
    readme: plugin.package.readme,
    manifest: plugin.shown.manifest,
    versions: plugin.package.versions.map(({ version, published, size, facts, signed }) => ({
      version,
      published,
      size,
      ...(facts.badge && { badge: facts.badge }),
      ...(facts.yanked && { yanked: facts.yanked }),
      signed,
    })),
  };
}
