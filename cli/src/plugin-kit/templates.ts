import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { didYouMean } from '@vp/contracts';
import type { ManifestTemplate } from '@vp/contracts/manifest';
import { findProject } from '../project/index.ts';
import { pluginFolder, pluginsOf } from '../shell/plugin-folder.ts';
import { findProjectRoot } from '../shell/project-root.ts';
import { packagesBeside, type ScaffoldFile } from '../shell/scaffold.ts';
import { errors } from './errors.ts';
import { fill } from './names.ts';

/** A template, and the plugin that brings it. */
export interface FoundTemplate extends ManifestTemplate {
  readonly plugin: string;
  /** Absolute path of its files. */
  readonly home: string;
}

/** Templates that come with vp, and those of the plugins of the project around `from`. */
export async function findTemplates(from: string): Promise<readonly FoundTemplate[]> {
  const { readManifest } = await import('@vp/kernel');
  const folders = [packagesBeside(['@vp/templates']).get('@vp/templates')];
  const root = findProjectRoot(from);
  if (root !== undefined) {
    const { config } = await findProject(root);
    for (const plugin of pluginsOf(config.values.plugins)) folders.push(pluginFolder(root, plugin));
  }
  return folders.flatMap((folder) => {
    if (folder === undefined || !existsSync(join(folder, 'package.json'))) return [];
    const result = readManifest({ file: join(folder, 'package.json'), plugin: folder });
    // A plugin that cannot be read is told where plugins are listed, not here.
    if (!result.ok) return [];
    const { name, vp } = result.package;
    return (vp.templates ?? []).map((template) => ({
      ...template,
      plugin: name,
      home: join(folder, template.directory),
    }));
  });
}

/** The template of a kind, or of an id. @throws VpError `VP_KIT_TEMPLATE` */
export function chooseTemplate(
  templates: readonly FoundTemplate[],
  wanted: { readonly kind?: string | undefined; readonly template?: string | undefined },
): FoundTemplate {
  const { kind, template } = wanted;
  const found = templates.find((each) =>
    template === undefined
      ? each.kind === kind
      : each.id === template || `${each.plugin}:${each.id}` === template,
  );
  if (found !== undefined) return found;
  const known = template === undefined ? templates.map((each) => each.kind) : templates.map(({ id }) => id);
  const name = template ?? kind ?? '';
  const suggestion = didYouMean(name, known) || 'This vp came without @vp/templates: install it again.';
  throw errors.VP_KIT_TEMPLATE({ what: template === undefined ? 'kind' : 'id', name, suggestion });
}

/** The files of a new plugin. */
export function templateFiles(
  { home }: FoundTemplate,
  values: Readonly<Record<string, string>>,
): readonly ScaffoldFile[] {
  return globSync('**/*', { cwd: home, exclude: (path) => path === 'node_modules' })
    .filter((path) => statSync(join(home, path)).isFile())
    .sort()
    .map((path) => ({
      path: fill(join(dirname(path), written(basename(path))), values),
      text: fill(readFileSync(join(home, path), 'utf8'), values),
    }));
}

/** npm publishes no dot files of some names, and takes a package.json for that of a package of its own. */
const written = (name: string): string =>
  name === '_package.json' ? 'package.json' : name.replace(/^_/, '.');
