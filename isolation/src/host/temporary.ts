import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'vp-isolated-';
const mine = new Set<string>();

/** A folder for a plugin's process, gone at the latest with this process. */
export function makeTemporary(): string {
  if (mine.size === 0) {
    sweep();
    process.on('exit', removeMine);
  }
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  mine.add(folder);
  return folder;
}

export async function removeTemporary(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 2 });
  mine.delete(folder);
  if (mine.size === 0) process.off('exit', removeMine);
}

function removeMine(): void {
  for (const folder of mine) rmSync(folder, { recursive: true, force: true });
}

/** Removes what processes that were killed left behind. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: theirs to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
