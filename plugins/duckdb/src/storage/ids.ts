import { randomBytes } from 'node:crypto';

let last = 0;

/**
 * A snapshot id: `20261124T003625.123-9f3a1c2b7d40`. Ids of one process ascend; those of several are
 * told apart by their random tail.
 */
export function createSnapshotId(now: number): string {
  last = Math.max(now, last + 1);
  const stamp = new Date(last).toISOString().replace(/[-:Z]/g, '');
  return `${stamp}-${randomBytes(6).toString('hex')}`;
}

/** Whether a folder name is that of a snapshot. */
export function isSnapshotId(name: string): boolean {
  return /^\d{8}T\d{6}\.\d{3}-[0-9a-f]{12}$/.test(name);
}
