import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errors } from '../errors.ts';

/** Files that were being written when a process died. */
export const isLeftover = (name: string) => /^\..*\.[0-9a-f]{12}\.tmp$/.test(name);

/** Removes from folders what was being written when a process died. */
export async function sweepLeftovers(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const left = (await readdir(folder)).filter(isLeftover);
    for (const name of left) await rm(join(folder, name), { force: true });
  }
}

/**
 * Writes a file so that a kill or a power cut at any moment leaves the old content or the new one:
 * beside it, synced, renamed, and the folder synced.
 */
export async function writeDurable(
  file: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const made = await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'wx', options.mode ?? 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
    // New folders are there after a power cut once those around them are synced.
    for (let at = folder; made !== undefined && at.length >= made.length; at = dirname(at))
      await syncFolder(dirname(at));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asDiskError(error, folder);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file systems order renames by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const errorCode = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

export function asDiskError(error: unknown, folder: string): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return errors.VP_REGISTRY_DISK_FULL({ folder }, { cause: error });
  return error;
}
