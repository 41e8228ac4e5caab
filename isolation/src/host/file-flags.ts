import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePattern } from './patterns.ts';

/** What Node is told, and what it could not be told. */
export interface FileFlags {
  readonly flags: readonly string[];
  /** Grants that are narrower in the process than in vp.toml, each with how. */
  readonly narrowed: readonly string[];
}

/** More files than a pattern should name one by one. */
const mostFiles = 2_000;

/**
 * Node knows files and whole folders. `dir/**` and files are exact; any other pattern becomes the
 * files that match it now, which is less than it says and never more.
 */
export function fileFlags(patterns: readonly FilePattern[]): FileFlags {
  const flags: string[] = [];
  const narrowed: string[] = [];
  for (const pattern of patterns) {
    const { mode, base, given, rest, text } = pattern;
    const allow = (path: string) => flags.push(`--allow-fs-${mode}=${path}`);
    // Node compares paths as they are written: the way through a symbolic link is another path.
    const folders = [...new Set([given, base])];
    if (folders.some((folder) => /[*,]/.test(folder))) {
      narrowed.push(`${text}: Node cannot grant a path that has a star or a comma in it`);
    } else if (rest === '**') {
      for (const folder of folders) allow(folder === '/' ? '*' : join(folder, '*'));
    } else if (rest === '') {
      if (isFolder(base)) narrowed.push(`${text} names a folder; write ${text}/** for what is in it`);
      else folders.forEach(allow);
    } else {
      const files = globSync(rest, { cwd: base }).filter(
        (file) => !isFolder(join(base, file)) && !/[*,]/.test(file),
      );
      for (const file of files.slice(0, mostFiles)) {
        for (const folder of folders) allow(join(folder, file));
      }
      narrowed.push(`${text} is the ${Math.min(files.length, mostFiles)} files that match it now`);
    }
  }
  return { flags, narrowed };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
