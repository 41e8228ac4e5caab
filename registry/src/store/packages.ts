import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import { errors } from '../errors.ts';
import { checkName, isName } from '../gate/names.ts';
import { type PackageDocument, packageDocumentSchema } from './document.ts';
import { errorCode, isLeftover, writeDurable } from './durable.ts';

/**
 * The published packages on disk. A version exists once its package's document names it, and the
 * document is written last: what a killed publish leaves is a tarball that nothing refers to.
 */
export interface PackageStore {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<PackageDocument | undefined>;
  write(document: PackageDocument): Promise<void>;
  tarballPath(name: string, file: string): string;
  writeTarball(name: string, file: string, content: Uint8Array): Promise<void>;
  removeTarball(name: string, file: string): Promise<void>;
  /** Removes what killed processes left; gives back the files. */
  sweep(): Promise<readonly string[]>;
}

export function createPackageStore(root: string): PackageStore {
  const folder = (name: string) => {
    // A name comes from a request's path: one that is none must not become a path here.
    checkName(name);
    return join(root, ...name.split('/'));
  };
  const document = (name: string) => join(folder(name), 'package.json');

  const names = async () => {
    const found: string[] = [];
    for (const entry of await list(root)) {
      const below = entry.startsWith('@')
        ? (await list(join(root, entry))).map((each) => `${entry}/${each}`)
        : [entry];
      found.push(...below);
    }
    return found.filter(isName).toSorted();
  };

  const read = async (name: string) => {
    let text: string;
    try {
      text = await readFile(document(name), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
    try {
      return packageDocumentSchema.parse(JSON.parse(text));
    } catch (error) {
      const reason = describeThrown(error);
      throw errors.VP_REGISTRY_STORE_DAMAGED({ file: document(name), reason }, { cause: error });
    }
  };

  return {
    names,
    read,
    write: (value) => writeDurable(document(value.name), JSON.stringify(value)),
    tarballPath: (name, file) => join(folder(name), file),
    writeTarball: (name, file, content) => writeDurable(join(folder(name), file), content),
    removeTarball: (name, file) => rm(join(folder(name), file), { force: true }),
    async sweep() {
      const swept: string[] = [];
      for (const name of await names()) {
        const known = (await read(name))?._attachments ?? {};
        for (const file of await list(folder(name))) {
          const orphan = file.endsWith('.tgz') && !Object.hasOwn(known, file);
          if (!orphan && !isLeftover(file)) continue;
          await rm(join(folder(name), file));
          swept.push(`${name}/${file}`);
        }
      }
      return swept;
    },
  };
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}
