import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { AssetTarget, Snapshot } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { replaceFile, syncFolder } from './durable.ts';
import { isSnapshotId } from './ids.ts';
import { assetFolder, partitionFolder } from './names.ts';
import {
  formatRecord,
  isMissing,
  partitionText,
  readRecord,
  type SnapshotRecord,
  type StoredSnapshot,
  toSnapshot,
} from './record.ts';

const POINTER = 'current.json';
const RECORD = 'snapshot.json';
/** Reading a pointer is tens of microseconds; after so many, others get their turn. */
const READS_IN_A_ROW = 256;

/**
 * The snapshots on disk: `<data>/<asset>/<partition or _>/<id>/part-*.parquet`, and beside them
 * `current.json`, the pointer: the record of the one snapshot that is current. It is replaced by a
 * rename, so that a reader sees the old or the new snapshot. `snapshot.json` is written into a folder
 * after the pointer named it: a folder without one, that is not current, was never published.
 */
export interface SnapshotStore {
  readonly data: string;
  /** What is current of an asset: one snapshot, or one for each partition. */
  current(asset: string): readonly StoredSnapshot[];
  snapshots(assets?: readonly string[]): Promise<readonly Snapshot[]>;
  history(target: AssetTarget): readonly StoredSnapshot[];
  restore(target: AssetTarget, id: string): Snapshot;
  publish(staged: { readonly folder: string; readonly record: SnapshotRecord }): Snapshot;
  /** Folders of assets that have data. */
  targets(): readonly string[];
}

export function createSnapshotStore(data: string): SnapshotStore {
  const targetFolder = (target: AssetTarget) =>
    join(data, assetFolder(target.asset), partitionFolder(partitionText(target)));

  function current(asset: string): readonly StoredSnapshot[] {
    return pickLayout(pointersBelow(join(data, assetFolder(asset)), asset));
  }

  async function snapshots(assets?: readonly string[]): Promise<readonly Snapshot[]> {
    const present = listFolder(data);
    let folders: Iterable<readonly [folder: string, asset: string | undefined]>;
    if (assets === undefined) folders = present.map((folder) => [folder, undefined] as const);
    else {
      const there = new Set(present);
      folders = assets.map((a) => [assetFolder(a), a] as const).filter(([folder]) => there.has(folder));
    }
    const found: Snapshot[] = [];
    let reads = 0;
    for (const [folder, asset] of folders) {
      found.push(...pickLayout(pointersBelow(join(data, folder), asset)).map(toSnapshot));
      reads += 1;
      if (reads % READS_IN_A_ROW === 0) await yieldToLoop();
    }
    return found;
  }

  function history(target: AssetTarget): readonly StoredSnapshot[] {
    return historyOf(targetFolder(target), target.asset);
  }

  function publish(staged: { readonly folder: string; readonly record: SnapshotRecord }): Snapshot {
    const { snapshot } = staged.record;
    const folder = targetFolder(snapshot);
    const isNew = mkdirSync(folder, { recursive: true }) !== undefined;
    const before = historyOf(folder, snapshot.asset);
    const same = before.find((s) => s.record.snapshot.commit.token === snapshot.commit.token);
    if (same !== undefined) return toSnapshot(same);
    settle(folder, snapshot.asset);
    const home = join(folder, snapshot.id);
    renameSync(staged.folder, home);
    replaceFile(join(folder, POINTER), formatRecord(staged.record));
    if (isNew) for (const parent of [join(folder, '..'), data]) syncFolder(parent);
    writeFileSync(join(home, RECORD), formatRecord(staged.record));
    return toSnapshot({ record: staged.record, folder: home });
  }

  function restore(target: AssetTarget, id: string): Snapshot {
    const folder = targetFolder(target);
    const all = historyOf(folder, target.asset);
    const found = all.find((s) => s.record.snapshot.id === id);
    if (found === undefined) {
      const known = all.map((s) => s.record.snapshot.id);
      throw errors.VP_DUCKDB_SNAPSHOT_MISSING({ what: describeTarget(target), snapshot: id, known });
    }
    settle(folder, target.asset);
    replaceFile(join(folder, POINTER), formatRecord(found.record));
    return toSnapshot(found);
  }

  function targets(): readonly string[] {
    return listFolder(data).flatMap((asset) =>
      listFolder(join(data, asset)).map((p) => join(data, asset, p)),
    );
  }

  return { data, current, snapshots, history, restore, publish, targets };
}

/** The present and past snapshots of a target's folder, newest first. */
export function historyOf(folder: string, asset?: string): readonly StoredSnapshot[] {
  const expected = asset === undefined ? undefined : { asset };
  const pointer = readRecord(join(folder, POINTER), expected);
  const found: StoredSnapshot[] = [];
  for (const id of listFolder(folder).filter(isSnapshotId)) {
    const record = pointer?.snapshot.id === id ? pointer : readRecord(join(folder, id, RECORD), expected);
    if (record !== undefined) found.push({ record, folder: join(folder, id) });
  }
  return found.sort((a, b) => (a.record.snapshot.id < b.record.snapshot.id ? 1 : -1));
}

/** The id of a target's current snapshot. */
export function currentId(folder: string): string | undefined {
  return readRecord(join(folder, POINTER))?.snapshot.id;
}

/** Before the pointer moves on, the snapshot that it named gets its own record, if a crash took it. */
function settle(folder: string, asset: string): void {
  const record = readRecord(join(folder, POINTER), { asset });
  if (record === undefined) return;
  const file = join(folder, record.snapshot.id, RECORD);
  if (readRecord(file) === undefined) replaceFile(file, formatRecord(record));
}

function pointersBelow(folder: string, asset: string | undefined): readonly StoredSnapshot[] {
  const expected = asset === undefined ? undefined : { asset };
  return listFolder(folder).flatMap((partition) => {
    const record = readRecord(join(folder, partition, POINTER), expected);
    if (record === undefined) return [];
    return [{ record, folder: join(folder, partition, record.snapshot.id) }];
  });
}

/**
 * An asset that was partitioned otherwise before (or not at all) has leftovers of the old layout;
 * current is the layout of the newest snapshot.
 */
function pickLayout(all: readonly StoredSnapshot[]): readonly StoredSnapshot[] {
  if (all.length < 2) return all;
  const layout = (s: StoredSnapshot) =>
    Object.keys(s.record.snapshot.partition ?? {})
      .sort()
      .join('\n');
  const newest = all.reduce((a, b) => (a.record.snapshot.id > b.record.snapshot.id ? a : b));
  return all.filter((s) => layout(s) === layout(newest));
}

export function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export function describeTarget(target: AssetTarget): string {
  const text = partitionText(target);
  return text === undefined ? target.asset : `${target.asset}@${text}`;
}
