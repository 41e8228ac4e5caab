import type { Manifest } from '@vp/contracts/manifest';
import type { Setting } from './settings.ts';

/**
 * A manifest as its author wrote it. Of two versions of one plugin the kernel shows the ids of the one under an
 * alias as `<alias>:<id>`, and a new version knows nothing of that.
 */
export function withoutAlias(manifest: Manifest, key: string): Manifest {
  if (!isPrefixed(manifest, key)) return manifest;
  const lists = Object.entries(manifest.contributes ?? {}).map(([kind, list]) => [
    kind,
    list?.map((each) => ({ ...each, id: bareId(each.id, key) })),
  ]);
  return { ...manifest, contributes: Object.fromEntries(lists) };
}

/** The settings that are meant for a plugin, by the ids of its author. */
export function settingsOf(
  settings: readonly Setting[],
  { manifest, key }: { readonly manifest: Manifest; readonly key: string },
): readonly Setting[] {
  if (!isPrefixed(manifest, key)) return settings;
  return settings
    .filter(({ id }) => id.startsWith(`${key}:`))
    .map((setting) => ({ ...setting, id: bareId(setting.id, key) }));
}

const isPrefixed = ({ contributes = {} }: Manifest, key: string): boolean =>
  Object.values(contributes).some((list) => list?.some(({ id }) => id.startsWith(`${key}:`)));

const bareId = (id: string, key: string): string =>
  id.startsWith(`${key}:`) ? id.slice(key.length + 1) : id;
