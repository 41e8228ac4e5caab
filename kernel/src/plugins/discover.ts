import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suggest, type VpError } from '@vp/contracts';
import type { Integrity } from '../integrity/index.ts';
import { readManifest } from '../manifest/index.ts';
import { withPrefix } from './alias.ts';
import { errors } from './errors.ts';
import type { Plugin, PluginOrigin } from './plugin.ts';

export interface DiscoverContext {
  readonly projectDir: string;
  readonly integrity?: Integrity | undefined;
}

/**
 * Finds a plugin's package among what vp.lock lists, else in the node_modules folders from the
 * project upward, and reads its manifest. The file system is asked, not the module resolver: `exports` may hide package.json.
 */
export function discover(plugin: Plugin, { projectDir, integrity }: DiscoverContext): VpError | undefined {
  const { entry, name, packageName } = plugin;
  const context = { plugin: name, phase: 'discover', at: entry.at };
  // `npm install pg16@npm:@vp/postgres` puts an alias into a folder of its own name.
  const names = [...new Set([name, packageName])];
  const locked = entry.directory === undefined ? integrity?.directory(name) : undefined;
  const directory = entry.directory ?? locked ?? findPackage(names, projectDir);
  if (directory === undefined) {
    const near = nearName(packageName, installedPackages(projectDir));
    const missing = near === undefined ? integrity?.missing(name) : undefined;
    if (missing !== undefined) return missing;
    const hint = near === undefined ? '' : `Did you mean "${near}"?`;
    return errors.VP_PLUGIN_NOT_INSTALLED({ name: packageName, from: projectDir, near: hint }, context);
  }
  plugin.directory = directory;
  plugin.origin = originOf(plugin, locked);
  const file = join(directory, 'package.json');
  const result = readManifest({ file, plugin: name });
  if (!result.ok) {
    const [first, ...others] = result.errors;
    return others.length === 0 ? first : withOthers(first, others);
  }
  plugin.written = result.package;
  plugin.package = withPrefix(result.package, entry.prefix);
  if (result.package.name !== packageName) {
    const found = result.package.name;
    return errors.VP_PLUGIN_NAME_MISMATCH(
      { name: packageName, found, file },
      { ...context, at: { file, pointer: '/name' } },
    );
  }
  return undefined;
}

function originOf({ entry }: Plugin, locked: string | undefined): PluginOrigin {
  if (entry.definition !== undefined) return 'memory';
  if (entry.directory !== undefined) return 'link';
  return locked === undefined ? 'node_modules' : 'lock';
}

/** The installed package that was meant: `files` and `@vp/fils` are `@vp/files`. */
function nearName(name: string, installed: readonly string[]): string | undefined {
  const near = suggest(name, installed);
  if (near !== undefined || name.startsWith('@')) return near;
  // Installing a name without its scope would bring a stranger's package.
  return installed.find((each) => each.startsWith('@') && each.endsWith(`/${name}`));
}

function withOthers(first: VpError, others: readonly VpError[]): VpError {
  const more = others.map((each) => ({ message: each.message, pointer: each.at?.pointer ?? '' }));
  return Object.assign(first, { details: { ...first.details, more } });
}

function findPackage(names: readonly string[], from: string): string | undefined {
  for (const folder of upward(from)) {
    for (const name of names) {
      const directory = join(folder, 'node_modules', name);
      if (existsSync(join(directory, 'package.json'))) return directory;
    }
  }
  return undefined;
}

function* upward(from: string): Generator<string> {
  let folder = from;
  for (;;) {
    yield folder;
    const parent = dirname(folder);
    if (parent === folder) return;
    folder = parent;
  }
}

/** Names of what is installed, for suggestions. Only read when a plugin is missing. */
function installedPackages(from: string): readonly string[] {
  const names: string[] = [];
  for (const folder of upward(from)) {
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) continue;
    for (const name of readdirSync(modules)) {
      if (name.startsWith('@')) {
        for (const inner of readdirSync(join(modules, name))) names.push(`${name}/${inner}`);
      } else if (!name.startsWith('.')) {
        names.push(name);
      }
    }
  }
  return names;
}
