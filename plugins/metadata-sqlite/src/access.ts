import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import { type MetadataDatabase, retryBusy } from './database.ts';
import { errors } from './errors.ts';
import type { MetadataTables } from './schema.ts';

/** Writes of one call, within the transaction that it shares with the calls around it. */
export type Write<T> = (trx: Transaction<MetadataTables>) => Promise<T>;

/**
 * `process`: survives the death of this process, whatever its end. `power`: on disk, so that it
 * survives a power failure as well.
 */
export type Durability = 'process' | 'power';

interface Pending {
  readonly durability: Durability;
  /** Rejects only when the write itself fails; gives what is to be done once it is committed. */
  stage(trx: Transaction<MetadataTables>): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * Reads and writes of this process. Writes run in order, and those that are asked for in the same
 * turn share one commit. Both wait for other processes and fail with errors that name the file.
 */
export interface Access {
  readonly db: MetadataDatabase;
  read<T>(query: () => Promise<T>): Promise<T>;
  write<T>(durability: Durability, write: Write<T>): Promise<T>;
  /** Resolves when everything asked for so far is written and the file is closed. */
  close(): Promise<void>;
}

/** Access to an open database. */
export function createAccess(db: MetadataDatabase, path: string): Access {
  let pending: Pending[] = [];
  let flushing: Promise<void> | undefined;
  let isClosed = false;

  async function flush(): Promise<void> {
    while (pending.length > 0) {
      // One turn of the event loop, so that parallel callers get into the same commit.
      await new Promise((resolve) => setImmediate(resolve));
      const group = pending;
      pending = [];
      await commit(db, path, group);
    }
    flushing = undefined;
  }

  return {
    db,
    read: async (query) => {
      if (isClosed) throw errors.VP_STORE_CLOSED({ path });
      return await retryBusy(path, query);
    },
    write: <T>(durability: Durability, write: Write<T>) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) {
          reject(errors.VP_STORE_CLOSED({ path }));
          return;
        }
        pending.push({
          durability,
          stage: async (trx) => {
            const value = await write(trx);
            return () => resolve(value);
          },
          reject,
        });
        flushing ??= flush();
      }),
    async close() {
      isClosed = true;
      await flushing;
      await db.destroy();
    },
  };
}

async function commit(db: MetadataDatabase, path: string, group: readonly Pending[]): Promise<void> {
  try {
    const settle = await retryBusy(path, () => transact(db, group));
    for (const done of settle) done();
  } catch (error) {
    for (const one of group) one.reject(error);
  }
}

async function transact(db: MetadataDatabase, group: readonly Pending[]): Promise<readonly (() => void)[]> {
  const isPowerSafe = group.some((g) => g.durability === 'power');
  if (isPowerSafe) await sql`pragma synchronous = full`.execute(db);
  try {
    return await db.transaction().execute(async (trx) => {
      const settle: (() => void)[] = [];
      for (const one of group) settle.push(await one.stage(trx));
      return settle;
    });
  } finally {
    if (isPowerSafe) await sql`pragma synchronous = normal`.execute(db);
  }
}
