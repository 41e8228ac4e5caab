import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkedPlugins } from '../project/linked-plugins.ts';

/** As in the contracts, whose schemas would make every start of `vp` slower. */
export const installedFolder = '.vp/plugins/current';

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
  const linked = linkedPlugins(project);
  if (Object.hasOwn(linked, plugin.key)) return linked[plugin.key];
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

/** What the kernel puts before the ids of a plugin that stands under an alias beside another version of it. */
export function aliasPrefix(
  plugin: { readonly key: string; readonly package: string },
  all: readonly { readonly key: string; readonly package: string }[],
): string {
  const isTwice = all.some((other) => other.key !== plugin.key && other.package === plugin.package);
  return isTwice && plugin.key !== plugin.package ? `${plugin.key}:` : '';
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
