import type { Contributes, PluginPackage } from '@vp/contracts/manifest';

interface Named {
  /** Key of `[plugins]`. */
  readonly name: string;
  readonly package?: string | undefined;
}

/**
 * What the ids of a plugin's contributions begin with here. Two versions of one package have the same
 * ids: of those that stand under an alias they are `<alias>:<id>`, so that both can be used in one
 * pipeline. A plugin that stands alone under its alias keeps its ids.
 */
export function aliasPrefix(plugin: Named, all: readonly Named[]): string | undefined {
  const packageName = plugin.package ?? plugin.name;
  if (packageName === plugin.name) return undefined;
  const isTwice = all.some(
    (other) => other.name !== plugin.name && (other.package ?? other.name) === packageName,
  );
  return isTwice ? `${plugin.name}:` : undefined;
}

/** A manifest with its ids as they are known in this deployment. */
export function withPrefix(pack: PluginPackage, prefix: string | undefined): PluginPackage {
  if (prefix === undefined || pack.vp.contributes === undefined) return pack;
  const lists = Object.entries(pack.vp.contributes).map(([key, list]) => [
    key,
    list?.map((each) => ({ ...each, id: `${prefix}${each.id}` })),
  ]);
  // The same lists, with nothing but the ids changed.
  const contributes: Contributes = Object.fromEntries(lists);
  return { ...pack, vp: { ...pack.vp, contributes } };
}
