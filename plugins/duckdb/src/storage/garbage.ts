import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSnapshotId } from './ids.ts';
import { isMissing } from './record.ts';
import type { Scratch } from './scratch.ts';
import { currentId, historyOf, listFolder } from './snapshot-store.ts';

/** A folder that was moved into place and never published belongs to a commit that died, after so long. */
const ORPHAN_MS = 10 * 60_000;

/**
 * Removes from a target's folder the snapshots beyond the newest `keep`, except the current one, those
 * that this process reads, and those replaced less than `graceMs` ago, which other processes may read.
 */
export async function pruneTarget(options: {
  readonly folder: string;
  readonly keep: number;
  readonly graceMs: number;
  readonly now: number;
  readonly scratch: Scratch;
  readonly isPinned: (folder: string) => boolean;
}): Promise<readonly string[]> {
  const { folder, keep, graceMs, now } = options;
  const entries = listFolder(folder);
  // The pointer and no more snapshots than may be there.
  if (entries.length <= keep + 1) return [];
  const removed: string[] = [];
  const published = historyOf(folder);
  const current = currentId(folder);
  for (const [rank, stored] of published.entries()) {
    const successor = published[rank - 1];
    if (rank < keep || successor === undefined || stored.record.snapshot.id === current) continue;
    if (now - successor.record.snapshot.createdAt < graceMs || options.isPinned(stored.folder)) continue;
    removed.push(stored.folder);
  }
  const known = new Set(published.map((s) => s.record.snapshot.id));
  for (const name of entries) {
    const isStray = isSnapshotId(name) ? !known.has(name) : name.endsWith('.tmp');
    if (isStray && now - (await changedAt(join(folder, name), now)) > ORPHAN_MS)
      removed.push(join(folder, name));
  }
  for (const path of removed) await removeWhole(path, options.scratch);
  return removed;
}

/** Moved away first, so that nobody ever sees half of it. */
async function removeWhole(path: string, scratch: Scratch): Promise<void> {
  const trash = await scratch.folder('trash');
  try {
    await rename(path, join(trash, 'gone'));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await rm(trash, { recursive: true, force: true });
}

async function changedAt(path: string, now: number): Promise<number> {
  try {
    return (await stat(path)).ctimeMs;
  } catch (error) {
    if (isMissing(error)) return now;
    throw error;
  }
}
