import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest folder with a vp.toml, from `from` upward. */
export function findProjectRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'vp.toml'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
