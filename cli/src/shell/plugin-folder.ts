import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** As in the contracts, whose schemas would make every start of `vp` slower. */
export const installedFolder = '.vp/plugins/current';

/** Where `vp plugins dev` notes the plugins that it has linked, relative to the project. */
export const devFile = '.vp/plugins/dev.json';

/** Folders of plugins under development, by their keys in `[plugins]`. */
export function linkedPlugins(project: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(join(project, devFile), 'utf8');
  } catch {
    // The usual case: nothing is linked.
    return {};
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * The folder of a plugin, as the kernel finds it: linked by `vp plugins dev`, else installed by
 * `vp plugins install`, else in a node_modules from the project upward.
 */
export function pluginFolder(
  project: string,
  plugin: { readonly key: string; readonly package: string },
): string | undefined {
  const isPackage = (folder: string) =>
    statSync(join(folder, 'package.json'), { throwIfNoEntry: false })?.isFile() === true;
  const linked = linkedPlugins(project)[plugin.key];
  if (linked !== undefined) return linked;
  const installed = join(project, installedFolder, 'node_modules', plugin.key);
  if (isPackage(installed)) return installed;
  for (let folder = project; ; folder = dirname(folder)) {
    for (const name of new Set([plugin.key, plugin.package])) {
      const candidate = join(folder, 'node_modules', name);
      if (isPackage(candidate)) return candidate;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Keys and packages of `[plugins]`, from its parsed value. */
export function pluginsOf(plugins: unknown): readonly { readonly key: string; readonly package: string }[] {
  if (typeof plugins !== 'object' || plugins === null) return [];
  return Object.entries(plugins).map(([key, plugin]) =>
    // A plugin may stand under an alias, with its package named beside its version.
    typeof plugin === 'object' && plugin !== null && typeof plugin.package === 'string'
      ? { key, package: plugin.package }
      : { key, package: key },
  );
}
