import type { LockedPlugin } from '@vp/contracts/registry';
import type { ProjectFile } from '../project/declared.ts';
import type { PluginEdit } from '../project/vp-toml.ts';
import type { ChosenVersion } from '../resolve/choose.ts';
import { type Allowance, allow } from '../resolve/grants.ts';
import type { TrustResult } from '../resolve/trust.ts';
import { type Packages, placeOf } from '../tree/places.ts';
import type { PluginChange } from './changes.ts';
import { checkPlugin } from './check-plugin.ts';

/** Grants of each plugin in the lock and, where they are new, in vp.toml. */
export function decideGrants(
  request: { readonly grant?: Allowance | undefined },
  about: {
    readonly chosen: readonly ChosenVersion[];
    readonly project: ProjectFile;
    readonly changes: readonly PluginChange[];
  },
): ReadonlyMap<string, LockedPlugin['grants']> {
  const { chosen, project, changes } = about;
  return new Map(
    chosen.map((plugin) => {
      const change = changes.find(({ key }) => key === plugin.key);
      const declared = project.plugins.find(
        (each) => each.key === plugin.key && each.package === plugin.package,
      );
      const grants = declared?.grants;
      if (change === undefined || change.asks.length === 0) return [plugin.key, grants];
      const { grant: allowance = 'all' } = request;
      return [plugin.key, allow({ plugin: plugin.key, grants, missing: change.asks, allowance })];
    }),
  );
}

/** What changes in vp.toml. */
export function tomlEdits(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly project: ProjectFile;
  readonly granted: ReadonlyMap<string, LockedPlugin['grants']>;
  readonly removed: ReadonlySet<string>;
}): readonly PluginEdit[] {
  const { chosen, project, granted, removed } = request;
  const edits = chosen.flatMap((plugin): PluginEdit[] => {
    const { key, range } = plugin;
    const declared = project.plugins.find((each) => each.key === key);
    const name = plugin.package === key ? undefined : plugin.package;
    const grants = granted.get(key);
    const isSame =
      declared?.range === range &&
      declared.package === plugin.package &&
      JSON.stringify(declared.grants) === JSON.stringify(grants);
    if (isSame) return [];
    const fields = { version: range, package: name, grants };
    return [{ key, fields }];
  });
  return [...edits, ...[...removed].map((key): PluginEdit => ({ key, fields: undefined }))];
}

/** A plugin's entry in vp.lock, once its package lies in the stage. */
export function lockedPlugin(request: {
  readonly plugin: ChosenVersion;
  readonly trust: TrustResult;
  readonly staged: { readonly folder: string; readonly all: Packages };
  readonly grants: LockedPlugin['grants'];
}): LockedPlugin {
  const { plugin, trust, staged, grants } = request;
  const { key, locked } = plugin;
  const given = grants === undefined ? {} : { grants };
  if (locked !== undefined) {
    const { grants: _, ...kept } = locked;
    return { ...kept, ...given };
  }
  const entry = staged.all[placeOf(key)] ?? {};
  const facts = trust.versions.get(key);
  return {
    package: plugin.package,
    version: plugin.version,
    registry: plugin.registry,
    integrity: entry.integrity ?? '',
    tree: entry.tree ?? '',
    manifest: checkPlugin(plugin, staged),
    contracts: [
      ...new Set(
        Object.values(plugin.manifest.vp.contributes ?? {}).flatMap((list) =>
          (list ?? []).map(({ contract }) => contract),
        ),
      ),
    ].sort(),
    ...given,
    ...(facts?.signature === undefined ? {} : { signature: facts.signature }),
    ...(facts?.published === undefined ? {} : { published: facts.published }),
  };
}
