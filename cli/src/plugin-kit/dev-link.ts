import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProject } from '../project/index.ts';
import { devFile, linkedPlugins } from '../project/linked-plugins.ts';
import { pluginsOf } from '../shell/plugin-folder.ts';
import { refreshPluginTypes } from '../shell/refresh-types.ts';
import type { FoundPackage } from './plugin-package.ts';

/** A plugin that is linked into a project while somebody works on it. */
export interface DevLink {
  readonly project: string;
  /** Its key in `[plugins]`. */
  readonly key: string;
  /** Whether vp.toml did not name it before. */
  readonly added: boolean;
  /** Takes the link away, and from vp.toml what was added to it. */
  unlink(): Promise<void>;
}

/**
 * Links a plugin's folder into a project: the kernel takes it from there, whatever is installed. A plugin
 * that vp.toml does not name is added, with all that it asks for granted: it is the author's own.
 */
export async function linkPlugin(plugin: FoundPackage, from: string): Promise<DevLink> {
  const { root, config } = await findProject(from);
  const { name, version } = plugin.package;
  const known = pluginsOf(config.values.plugins).find((each) => each.package === name);
  const key = known?.key ?? name;
  const before = linkedPlugins(root)[key];
  writeLinks(root, { ...linkedPlugins(root), [key]: plugin.directory });
  const added = known === undefined;
  if (added) {
    const asks = Object.keys(plugin.package.vp.permissions ?? {}).length > 0;
    await edit(root, key, { version: `^${version}`, ...(asks ? { grants: 'all' } : {}) });
  }
  refreshPluginTypes(root);
  return {
    project: root,
    key,
    added,
    async unlink() {
      const { [key]: _, ...others } = linkedPlugins(root);
      writeLinks(
        root,
        before === undefined || before === plugin.directory ? others : { ...others, [key]: before },
      );
      if (added) await edit(root, key, undefined);
      refreshPluginTypes(root);
    },
  };
}

function writeLinks(project: string, links: Readonly<Record<string, string>>): void {
  const file = join(project, devFile);
  if (Object.keys(links).length === 0) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(links, null, 2)}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

async function edit(
  project: string,
  key: string,
  fields: { readonly version: string; readonly grants?: string } | undefined,
): Promise<void> {
  const { editPlugins } = await import('@vp/installer');
  const file = join(project, 'vp.toml');
  const text = editPlugins(readFileSync(file, 'utf8'), [{ key, fields }]);
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
