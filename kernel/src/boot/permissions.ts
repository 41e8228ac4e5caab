import { type EventInput, isVpError, type JsonSchema, type VpError } from '@vp/contracts';
import type { Permissions, PluginPackage } from '@vp/contracts/manifest';
import { contributionConfig, type ResolvedConfig } from '../config/index.ts';
import { resolveSchema } from '../manifest/index.ts';
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
  /** Its folder, for schemas that its manifest names by path. */
  readonly directory?: string | undefined;
}

/** What the deployment grants to its plugins. */
export function createGrants(config: ResolvedConfig) {
  return {
    /** Why a plugin cannot be used; `undefined` when everything it asks for is granted. */
    refusal({ plugin, manifest, directory }: Asking): VpError | undefined {
      const { permissions } = manifest;
      const grants = config.values.plugins[plugin]?.grants;
      if (permissions === undefined || grants === 'all') return undefined;
      const configs = configsOf(config, manifest, directory);
      const missing = checkGrants({ permissions, grants, configs });
      return missing.length === 0 ? undefined : notGranted(plugin, missing);
    },
    /**
     * All that a plugin which was not refused may do: what its manifest asks for is what was granted, with
     * the values of each of its configurations put in.
     */
    granted({ manifest, directory }: Asking): Permissions {
      const { permissions = {} } = manifest;
      const configs = configsOf(config, manifest, directory);
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
      const { plugin, manifest, directory, publish } = asking;
      const grants = config.values.plugins[plugin]?.grants;
      const configs = configsOf(config, manifest, directory);
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
function configsOf(config: ResolvedConfig, manifest: PluginPackage['vp'], directory: string | undefined) {
  if (!mentionsConfig(manifest.permissions ?? {})) return [];
  const contributions = Object.values(manifest.contributes ?? {}).flatMap((list) => list ?? []);
  return contributions.flatMap((contribution) => {
    if (contribution.config === undefined) return [];
    const point = contribution.contract.split('@')[0] ?? '';
    const connections = Object.entries(config.values.connections)
      .filter(([, connection]) => connection.use === contribution.id)
      .map(([name]) => ['connections', name]);
    const isSet = config.merged[point] !== undefined;
    const sections = isSet ? [[point, contribution.id]] : [];
    return [...sections, ...connections].flatMap((path) => {
      try {
        const schema = schemaOf(contribution.config, directory);
        return schema === undefined ? [] : [contributionConfig({ config, path, schema })];
      } catch (error) {
        // Said, with its place, to whoever uses the contribution.
        if (isVpError(error)) return [];
        throw error;
      }
    });
  });
}

function schemaOf(schema: string | JsonSchema | undefined, directory: string | undefined) {
  if (typeof schema !== 'string') return schema;
  return directory === undefined ? undefined : resolveSchema({ schema, directory, plugin: directory });
}

function mentionsConfig(permissions: Permissions): boolean {
  return Object.values(permissions).some(
    (patterns) => Array.isArray(patterns) && patterns.some((pattern) => pattern.includes('${config.')),
  );
}
