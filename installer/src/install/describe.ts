import type { VpError } from '@vp/contracts';
import type { Lock } from '@vp/contracts/registry';
import { errors } from '../errors.ts';
import { firstPartyNames, nearNames } from '../policy/index.ts';
import type { ProjectFile } from '../project/declared.ts';
import type { ChosenVersion } from '../resolve/choose.ts';
import { missingGrants, withGrants } from '../resolve/grants.ts';
import type { TrustResult } from '../resolve/trust.ts';
import { contributionsOf, kindOf, type PluginChange } from './changes.ts';

/** What would change, plugin by plugin. */
export function describeChanges(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly project: ProjectFile;
  readonly lock: Lock | undefined;
  readonly trust: TrustResult;
  readonly removed: ReadonlySet<string>;
}): readonly PluginChange[] {
  const { chosen, project, lock, trust, removed } = request;
  const changes = chosen.flatMap((plugin): PluginChange[] => {
    const { key, manifest, fresh, version } = plugin;
    const declared = project.plugins.find((each) => each.key === key && each.package === plugin.package);
    const permissions = manifest.vp.permissions ?? {};
    const asks = missingGrants(permissions, declared?.grants);
    const kind = kindOf(plugin, lock, asks);
    if (kind === undefined) return [];
    const signed = (trust.versions.get(key) ?? plugin.locked)?.signature !== undefined;
    // What a registry passes on from elsewhere may say anything of itself.
    const badge = signed ? fresh?.document.vpRegistry?.badge : undefined;
    const deprecated = fresh?.document.deprecated;
    const from = lock?.plugins[key]?.version;
    return [
      {
        key,
        kind,
        from,
        to: version,
        package: plugin.package,
        description: manifest.description,
        registry: plugin.registry,
        published: trust.versions.get(key)?.published ?? plugin.locked?.published,
        size: fresh?.document.dist.unpackedSize,
        license: manifest.license,
        badge,
        ...(typeof deprecated === 'string' ? { deprecated } : {}),
        signed,
        isolation: manifest.vp.isolation ?? 'in-process',
        contributions: contributionsOf(manifest),
        permissions,
        asks,
        grants: withGrants(declared?.grants, asks),
      },
    ];
  });
  const kept = new Set(chosen.map(({ key }) => key));
  const gone = Object.entries(lock?.plugins ?? {}).filter(([key]) => !kept.has(key));
  const undeclared = [...removed].filter((key) => lock?.plugins[key] === undefined);
  return [
    ...changes,
    ...gone.map(([key, { package: name, version, registry }]): PluginChange => {
      return { ...removal, key, package: name, from: version, registry };
    }),
    ...undeclared.map((key): PluginChange => ({ ...removal, key, package: key })),
  ];
}

const removal = {
  kind: 'remove',
  signed: false,
  isolation: 'in-process',
  contributions: [],
  permissions: {},
  asks: [],
} as const;

/** New plugins whose names are easily mistaken for others: somebody may count on a slip of the hand. */
export function lookAlikes(changes: readonly PluginChange[], lock: Lock | undefined): readonly VpError[] {
  const installed = Object.values(lock?.plugins ?? {}).map((plugin) => plugin.package);
  return changes
    .filter(({ kind }) => kind === 'add' || kind === 'replace')
    .flatMap(({ package: name }) => {
      const [near] = nearNames(name, [...installed, ...firstPartyNames]);
      if (near === undefined) return [];
      return [errors.VP_INSTALL_LOOKALIKE({ package: name, near: near.name, distance: near.distance })];
    });
}
