import type { PluginDetail, PluginSummary } from '@vp/contracts/registry';
import { contributionsOf } from './contributions.ts';
import { latestOf, type PluginRecord } from './plugin-record.ts';

/** A plugin as search results show it. */
export function summaryOf(record: PluginRecord): PluginSummary {
  const { version, description, license, published, manifest, badge, size } = latestOf(record);
  const { displayName, permissions = {}, isolation = 'in-process' } = manifest;
  return {
    name: record.name,
    version,
    description,
    ...(displayName && { displayName }),
    ...(license && { license }),
    published,
    contributions: contributionsOf(manifest),
    permissions,
    isolation,
    ...(badge && { badge }),
    size,
  };
}

/** Everything that the registry tells of a plugin. */
export function detailOf(record: PluginRecord): PluginDetail {
  return {
    ...summaryOf(record),
    readme: record.readme,
    manifest: latestOf(record).manifest,
    versions: record.versions.map(({ version, published, size, badge, yanked, signed }) => ({
      version,
      published,
      size,
      ...(badge && { badge }),
      ...(yanked && { yanked }),
      signed,
    })),
  };
}
