import { join } from 'node:path';
import { type Contributes, contributionKeys } from '@vp/contracts/manifest';
import type { ContributionInfo } from '../host.ts';
import { resolveSchema } from '../manifest/index.ts';
import type { Plugin } from './plugin.ts';

/** A contribution as it stands in a manifest. */
export interface ManifestContribution {
  readonly plugin: Plugin;
  readonly key: keyof Contributes;
  readonly point: string;
  /** Place in package.json. */
  readonly pointer: string;
  readonly manifest: ContributionInfo['manifest'];
}

const keys = [...Object.keys(contributionKeys), 'extensions'] as readonly (keyof Contributes)[];

const known = new WeakMap<Plugin, readonly ManifestContribution[]>();

/** All contributions that a plugin's manifest names. */
export function contributionsOf(plugin: Plugin): readonly ManifestContribution[] {
  let list = known.get(plugin);
  if (list === undefined) {
    list = listContributions(plugin);
    known.set(plugin, list);
  }
  return list;
}

function listContributions(plugin: Plugin): readonly ManifestContribution[] {
  const contributes = plugin.manifest.contributes ?? {};
  return keys.flatMap((key) =>
    (contributes[key] ?? []).map((manifest, index) => ({
      plugin,
      key,
      point: manifest.contract.split('@')[0] ?? manifest.contract,
      pointer: `/vp/contributes/${key}/${index}`,
      manifest,
    })),
  );
}

/** Where a contribution is written, for errors: `node_modules/x/package.json#/vp/contributes/…`. */
export function placeOf(contribution: ManifestContribution): string {
  return `${join(contribution.plugin.folder, 'package.json')}#${contribution.pointer}`;
}

/** The public view of a contribution. Schemas that stand in files of their own are read when looked at. */
export function contributionInfo(contribution: ManifestContribution): ContributionInfo {
  const { plugin, point, manifest } = contribution;
  let whole: ContributionInfo['manifest'] | undefined;
  return {
    point,
    id: manifest.id,
    plugin: plugin.name,
    pluginVersion: plugin.package?.version ?? '',
    ...(plugin.isolation === 'process' ? { isIsolated: true } : {}),
    get manifest() {
      whole ??= withSchemas(manifest, plugin);
      return whole;
    },
  };
}

/** Schemas that are paths, read from the package. */
function withSchemas(manifest: ContributionInfo['manifest'], plugin: Plugin): ContributionInfo['manifest'] {
  const read = (path: string) => ({
    ...resolveSchema({ schema: path, directory: plugin.folder, plugin: plugin.label }),
  });
  const { config } = manifest;
  const whole = typeof config === 'string' ? { ...manifest, config: read(config) } : manifest;
  if (!('options' in whole) || typeof whole.options !== 'string') return whole;
  return { ...whole, options: read(whole.options) };
}
