import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InstalledIndex, treeHash } from '@vp/contracts/registry';

/** A package as the index of a generation lists it, without what it may load. */
export type PackageTree = Omit<InstalledIndex['packages'][string], 'closure'>;

/** What lies in a package's folder. */
export interface ScannedPackage extends PackageTree {
  /** Links, sockets and the like: nothing that a tarball brings. */
  readonly strange: readonly string[];
}

export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/**
 * Reads and hashes all files of an installed package. What lies in its own `node_modules` is left
 * out: those are packages of their own.
 */
export function scanPackage(directory: string): ScannedPackage {
  const files: Record<string, PackageTree['files'][string]> = {};
  const folders: Record<string, PackageTree['folders'][string]> = {};
  const strange: string[] = [];
  const walk = (folder: string): void => {
    const { mtimeMs, ctimeMs } = lstatSync(join(directory, folder));
    folders[folder] = { mtime: mtimeMs, ctime: ctimeMs };
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === 'node_modules') continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files[path] = scanFile(join(directory, path));
      else strange.push(path);
    }
  };
  walk('');
  return { tree: hashOf(files), folders, files, strange };
}

/** The tree hash of files that were listed. */
export function hashOf(files: PackageTree['files']): string {
  return treeHash(Object.entries(files).map(([path, { sha256: digest }]) => ({ path, sha256: digest })));
}

/** The times are taken first: a file that is written meanwhile differs at the next look. */
function scanFile(file: string): PackageTree['files'][string] {
  const { size, mtimeMs, ctimeMs } = lstatSync(file);
  return { sha256: sha256(readFileSync(file)), size, mtime: mtimeMs, ctime: ctimeMs };
}
