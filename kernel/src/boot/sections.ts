import { isVpError, type VpError } from '@vp/contracts';
import { contributionConfig, type ResolvedConfig, sectionAt } from '../config/index.ts';
import type { ContributionInfo } from '../host.ts';
import type { PluginInfo } from '../plugins/index.ts';
import { isListed, literalSecrets, type Redactor } from '../secrets/index.ts';

export interface SectionsInit {
  readonly config: ResolvedConfig;
  readonly plugins: readonly PluginInfo[];
  /** Contributions of a point whose plugins can be used. */
  readonly contributions: (point: string) => readonly ContributionInfo[];
}

/** What the manifests say about the sections of vp.toml. No plugin is loaded. */
export interface Sections {
  /** Sections that their contribution does not take as they stand. */
  readonly faults: readonly VpError[];
  /** Whether a plugin lists the key among its secrets. */
  isSecret(path: readonly string[]): boolean;
  /** Secrets that are written out, as warnings. The redactor knows them from now on. */
  literals(redactor: Redactor): readonly VpError[];
}

export function readSections({ config, plugins, contributions }: SectionsInit): Sections {
  const owners = ownersOf(plugins);
  const keysOf = (path: readonly string[]): readonly string[] => {
    const [point = '', id = ''] = path;
    if (point !== 'connections') return owners.get(`${point}/${variableName(id)}`) ?? [];
    return owners.get(`/${variableName(config.values.connections[id]?.use ?? '')}`) ?? [];
  };
  return {
    faults: config.points.flatMap((point) =>
      config.merged[point] === undefined
        ? []
        : contributions(point).flatMap((info) => faultOf(config, info) ?? []),
    ),
    isSecret: (path) => isListed(path.slice(2), keysOf(path)),
    literals: (redactor) =>
      sectionPaths(config).flatMap((path) => {
        const place = (inner: readonly string[]) => config.place(inner);
        const value = sectionAt(config, path);
        return literalSecrets({ value, path, keys: keysOf(path), place, redactor });
      }),
  };
}

/** `permissions.secrets` by `<point>/<id>`, and by `/<id>` for connections, which name no point. */
function ownersOf(plugins: readonly PluginInfo[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { manifest } of plugins) {
    const keys = manifest?.vp.permissions?.secrets ?? [];
    if (keys.length === 0) continue;
    for (const { contract, id } of Object.values(manifest?.vp.contributes ?? {}).flatMap(
      (list) => list ?? [],
    )) {
      for (const point of [contract.split('@')[0], '']) {
        const key = `${point}/${variableName(id)}`;
        owners.set(key, [...(owners.get(key) ?? []), ...keys]);
      }
    }
  }
  return owners;
}

/** Variables cannot spell `my-plugin`: they write `my_plugin`, and mean the same. */
const variableName = (id: string): string => id.replaceAll(/[^A-Za-z0-9]+/g, '_').toLowerCase();

function sectionPaths(config: ResolvedConfig): readonly (readonly string[])[] {
  return ['connections', ...config.points].flatMap((point) =>
    Object.keys(config.merged[point] ?? {}).map((id) => [point, id]),
  );
}

function faultOf(config: ResolvedConfig, info: ContributionInfo): VpError | undefined {
  const path = [info.point, info.id];
  if (Object.keys(sectionAt(config, path)).length === 0) return undefined;
  try {
    const schema = typeof info.manifest.config === 'object' ? info.manifest.config : undefined;
    contributionConfig({ config, path, schema, plugin: info.plugin });
    return undefined;
  } catch (error) {
    if (isVpError(error)) return error;
    throw error;
  }
}
