import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realPath } from './patterns.ts';

const lists = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;

/**
 * The links in `node_modules` through which packages of a workspace find each other. Node's loader
 * reads through the link, and the permission model compares paths as they are written.
 */
export function linksTo(folders: readonly string[]): readonly string[] {
  const known = new Set(folders.map(realPath));
  const links = new Set<string>();
  for (const folder of known) {
    for (const name of dependenciesOf(folder)) {
      const found = find(name, folder);
      if (found !== undefined && realPath(found) !== found && known.has(realPath(found))) links.add(found);
    }
  }
  return [...links];
}

function dependenciesOf(folder: string): readonly string[] {
  let pack: Partial<Record<(typeof lists)[number], Readonly<Record<string, string>>>>;
  try {
    pack = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    // No package: nothing is imported by a name from there.
    return [];
  }
  return lists.flatMap((list) => Object.keys(pack[list] ?? {}));
}

/** Where Node finds a package first. */
function find(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return path;
    if (dirname(folder) === folder) return undefined;
  }
}
