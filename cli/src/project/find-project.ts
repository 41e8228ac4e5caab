import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describeThrown } from '@vp/contracts';
import type { ConfigFile } from '@vp/kernel';
import { errors } from './errors.ts';
import { parseToml } from './toml.ts';

/** A project folder and its parsed vp.toml. Nothing of the user's code is loaded. */
export interface Project {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly config: ConfigFile;
}

/** Reads the nearest vp.toml, from `from` upward. */
export async function findProject(from: string): Promise<Project> {
  // Above a folder that is misspelt another project may lie.
  if (!existsSync(from)) throw errors.VP_PROJECT_FOLDER_MISSING({ folder: resolve(from) });
  for (let root = resolve(from); ; root = dirname(root)) {
    const text = await readOrUndefined(join(root, 'vp.toml'));
    if (text !== undefined) return { root, config: parseToml(text, 'vp.toml') };
    if (dirname(root) === root) throw errors.VP_PROJECT_NOT_FOUND({ from: resolve(from) });
  }
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw errors.VP_PROJECT_UNREADABLE({ file, reason: describeThrown(error) }, { cause: error });
  }
}
