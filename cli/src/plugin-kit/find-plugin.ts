import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '@vp/contracts';
import { findProject } from '../project/index.ts';
import { pluginFolder, pluginsOf } from '../shell/plugin-folder.ts';
import { errors } from './errors.ts';
import { type FoundPackage, readPluginPackage } from './plugin-package.ts';

/** A plugin by its folder, or by its name in the project. */
export async function findPlugin(
  given: string,
  project: string | undefined,
): Promise<{ readonly plugin: FoundPackage; readonly installed: boolean }> {
  const isFolder = /^[./~]|^[A-Za-z]:[\\/]/.test(given) || existsSync(join(given, 'package.json'));
  if (isFolder) return { plugin: await readPluginPackage(given), installed: false };
  const { root, config } = await findProject(project ?? process.cwd());
  const known = pluginsOf(config.values.plugins);
  const found = known.find(({ key, package: name }) => key === given || name === given);
  const folder = found === undefined ? undefined : pluginFolder(root, found);
  if (folder !== undefined) return { plugin: await readPluginPackage(folder), installed: true };
  const names = known.map(({ key }) => key);
  const problem =
    found === undefined
      ? `there is no such folder, and the project uses no plugin of this name. ${didYouMean(given, names)}`
      : 'the project names it and it is not installed';
  throw errors.VP_KIT_NO_PLUGIN({ given, problem: problem.trim().replace(/\.$/, '') });
}
