import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { AssetTarget, CommitMeta, Snapshot, StagedSnapshot } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { relationOf } from '../sql/relation.ts';
import { sync } from '../storage/durable.ts';
import { createSnapshotId } from '../storage/ids.ts';
import type { SnapshotRecord } from '../storage/record.ts';
import { describeTarget, type SnapshotStore } from '../storage/snapshot-store.ts';
import type { StagedData } from './stage-query.ts';

/** A folder of staged data with what can become of it. */
export async function createStaged(options: {
  readonly target: AssetTarget;
  readonly data: StagedData;
  readonly folder: string;
  readonly now: number;
  readonly store: SnapshotStore;
  readonly afterCommit: (targetFolder: string) => Promise<unknown>;
}): Promise<StagedSnapshot> {
  const { target, data, folder, store } = options;
  const id = createSnapshotId(options.now);
  const rows = data.files.reduce((sum, f) => sum + f.rows, 0);
  const bytes = data.files.reduce((sum, f) => sum + f.bytes, 0);
  const files = data.files.map((f) => basename(f.file));
  // The data is made durable while checks look at it.
  const durable = Promise.all([...data.files.map((f) => sync(f.file)), sync(folder)]);
  durable.catch(() => undefined);
  let isDiscarded = false;
  let committed: Promise<Snapshot> | undefined;

  const recordWith = (commit: CommitMeta): SnapshotRecord => ({
    $$type: '@vp/duckdb-snapshot',
    version: 'v1',
    files,
    snapshot: {
      asset: target.asset,
      ...(target.partition === undefined ? {} : { partition: target.partition }),
      id,
      schema: data.schema,
      rows,
      bytes,
      createdAt: options.now,
      commit,
    },
  });

  async function commit(meta: CommitMeta): Promise<Snapshot> {
    if (isDiscarded) throw errors.VP_DUCKDB_STAGE_GONE({ what: describeTarget(target) });
    await durable;
    const snapshot = store.publish({ folder, record: recordWith(meta) });
    // The same token was committed before: what was staged this time is not needed.
    if (snapshot.id !== id) await rm(folder, { recursive: true, force: true });
    else await options.afterCommit(dirname(snapshot.location));
    return snapshot;
  }

  const nobody: CommitMeta = { runId: '', stepId: '', token: '', fingerprint: '', inputs: {} };
  return {
    id,
    target,
    schema: data.schema,
    rows,
    bytes,
    relation: relationOf([{ record: recordWith(nobody), folder }]),
    commit: (meta) => {
      committed ??= commit(meta);
      return committed;
    },
    discard: async () => {
      if (committed !== undefined) return;
      isDiscarded = true;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
