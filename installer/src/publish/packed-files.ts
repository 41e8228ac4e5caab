import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportFiles, treeHash } from '@vp/contracts/registry';
import packlist from 'npm-packlist';

/** A file as it goes into the tarball. */
export interface PackedFile {
  /** With `/`, relative to the package. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly executable: boolean;
}

/** What `npm pack` would put into the tarball of a folder: `files`, `.npmignore`, never links. */
export async function packedFiles(init: {
  readonly directory: string;
  /** Its package.json, parsed. */
  readonly pack: object;
}): Promise<readonly PackedFile[]> {
  const { directory, pack } = init;
  // What a package bundles is refused, so nobody has to look for it.
  const own = { ...pack, bundleDependencies: [] };
  const listed = await packlist({
    path: directory,
    package: own,
    isProjectRoot: true,
    edgesOut: new Map<string, never>(),
  });
  const paths = [...new Set(listed.map((path) => path.replace(/^\.\//, '')))].sort();
  return await Promise.all(
    paths.map(async (path) => {
      const file = join(directory, path);
      const { mode } = await lstat(file);
      return packedFile({ path, bytes: await readFile(file), executable: (mode & 0o111) !== 0 });
    }),
  );
}

export function packedFile(file: Omit<PackedFile, 'sha256'>): PackedFile {
  return { ...file, sha256: createHash('sha256').update(file.bytes).digest('hex') };
}

/**
 * Which code a conformance report is about: the tree hash of the package as it is packed, without the
 * report itself.
 */
export function digestOf(files: readonly PackedFile[]): string {
  return treeHash(files.filter(({ path }) => !reportFiles.some((name) => name === path)));
}
