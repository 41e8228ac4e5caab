import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissing } from '../support/files.ts';

interface Dependencies {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Folders of the packages that a package may load, as Node would find them: for plugins of no lock. */
export function dependencyFolders(directory: string): readonly string[] {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    for (const name of dependenciesOf(folder)) {
      const dependency = resolvePackage(name, folder);
      if (dependency === undefined || found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  const own = realpathSync(directory);
  visit(own);
  found.delete(own);
  return [...found];
}

function dependenciesOf(folder: string): readonly string[] {
  try {
    const pack: Dependencies = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { dependencies, peerDependencies, optionalDependencies } = pack;
    return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  } catch (error) {
    // Whoever imports the package is told.
    if (isMissing(error) || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** What links point to: the permission model looks at that. */
function resolvePackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      return realpathSync(join(folder, 'node_modules', name));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (dirname(folder) === folder) return undefined;
  }
}
