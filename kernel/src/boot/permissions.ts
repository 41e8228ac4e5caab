import { type EventInput, isVpError, type VpError } from '@vp/contracts';
import type { Permissions, PluginPackage } from '@vp/contracts/manifest';
import { contributionConfig, type ResolvedConfig } from '../config/index.ts';
import {
  checkGrants,
  createPermissionBroker,
  expand,
  notGranted,
  type PermissionBroker,
  withStateFolder,
} from '../permissions/index.ts';

interface Asking {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  readonly manifest: PluginPackage['vp'];
}

/** What the deployment grants to its plugins. */
export function createGrants(config: ResolvedConfig) {
  return {
    /** Why a plugin cannot be used; `undefined` when everything it asks for is granted. */
    refusal({ plugin, manifest }: Asking): VpError | undefined {
      const { permissions } = manifest;
      const grants = config.values.plugins[plugin]?.grants;
      if (permissions === undefined || grants === 'all') return undefined;
      const configs = configsOf(config, manifest);
      const missing = checkGrants({ permissions, grants, configs });
      return missing.length === 0 ? undefined : notGranted(plugin, missing);
    },
    /**
     * All that a plugin which was not refused may do: what its manifest asks for is what was granted, with
     * the values of each of its configurations put in.
     */
    granted({ plugin: _, manifest }: Asking): Permissions {
      const { permissions = {} } = manifest;
      const configs = configsOf(config, manifest);
      const { native, secrets, ...patterns } = permissions;
      return {
        ...Object.fromEntries(
          Object.entries(patterns).map(([kind, list]) => [kind, filled(list ?? [], configs)]),
        ),
        // Keys of the configuration: they are not patterns with values in them.
        ...(secrets === undefined ? {} : { secrets }),
        ...(native === undefined ? {} : { native }),
      };
    },
    /** The gate of a running plugin. */
    broker(asking: Asking & { readonly publish: (event: EventInput) => void }): PermissionBroker {
      const { plugin, manifest, publish } = asking;
      const grants = config.values.plugins[plugin]?.grants;
      const configs = configsOf(config, manifest);
      return createPermissionBroker({ plugin, permissions: manifest.permissions, grants, configs, publish });
    },
  };
}

/** The patterns that are left when configured values are put in; those that nothing is configured for go. */
function filled(patterns: readonly string[], configs: ReturnType<typeof configsOf>): string[] {
  const all = patterns.flatMap((pattern) => expand(withStateFolder(pattern), configs));
  return [...new Set(all.filter((pattern) => !pattern.includes('${config.')))];
}

/** The configurations of a plugin, when its permissions speak of configured values. */
function configsOf(config: ResolvedConfig, manifest: PluginPackage['vp']) {
  if (!mentionsConfig(manifest.permissions ?? {})) return [];
  const contributions = Object.values(manifest.contributes ?? {}).flatMap((list) => list ?? []);
  return contributions.flatMap((contribution) => {
    const schema = typeof contribution.config === 'object' ? contribution.config : undefined;
    if (schema === undefined) return [];
    const point = contribution.contract.split('@')[0] ?? '';
    const connections = Object.entries(config.values.connections)
      .filter(([, connection]) => connection.use === contribution.id)
      .map(([name]) => ['connections', name]);
    const isSet = config.merged[point] !== undefined;
    const sections = isSet ? [[point, contribution.id]] : [];
    return [...sections, ...connections].flatMap((path) => {
      try {
        return [contributionConfig({ config, path, schema })];
      } catch (error) {
        // Said, with its place, to whoever uses the contribution.
        if (isVpError(error)) return [];
        throw error;
      }
    });
  });
}

function mentionsConfig(permissions: Permissions): boolean {
  return Object.values(permissions).some(
    (patterns) => Array.isArray(patterns) && patterns.some((pattern) => pattern.includes('${config.')),
  );
}
