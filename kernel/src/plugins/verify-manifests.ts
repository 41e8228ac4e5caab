import { services, type VpError } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import { kernelVersion } from '../boot/version.ts';
import { aliasPrefix, withPrefix } from './alias.ts';
import { Plugin } from './plugin.ts';
import { resolve } from './resolve.ts';
import { verifyBare } from './verify.ts';

/** A plugin that may be installed, by its package.json alone. */
export interface PluginCandidate {
  /** Key of `[plugins]`: the package's name, or an alias of it. */
  readonly name: string;
  /** Range of `[plugins]`. */
  readonly range?: string | undefined;
  readonly package: PluginPackage;
}

/**
 * Whether plugins can be used together by this kernel and this Node.js, from their manifests:
 * engines, contracts, versions that they require of each other, ids and services that two of them
 * bring, services that nobody brings. One fault for each plugin that could not be used.
 */
export function verifyManifests(
  candidates: readonly PluginCandidate[],
  versions: { readonly vp: string; readonly node: string } = {
    vp: kernelVersion,
    node: process.versions.node,
  },
): readonly VpError[] {
  const named = candidates.map((each) => ({ name: each.name, package: each.package.name }));
  const plugins = candidates.map(({ name, range, package: pack }) => {
    const prefix = aliasPrefix({ name, package: pack.name }, named);
    const plugin = new Plugin({ name, range, package: pack.name, prefix });
    plugin.package = withPrefix(pack, prefix);
    plugin.directory = `${pack.name}@${pack.version}`;
    return plugin;
  });
  const fail = (plugin: Plugin, error: VpError): void => {
    plugin.state = 'failed';
    plugin.error = error;
  };
  for (const plugin of plugins) {
    const error = verifyBare(plugin, versions);
    if (error !== undefined) fail(plugin, error);
  }
  resolve({ plugins, kernelServices: Object.values(services).map(({ key }) => key), fail });
  return plugins.flatMap(({ error }) => (error === undefined ? [] : [error]));
}
