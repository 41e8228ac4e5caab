import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeThrown } from '@vp/plugin-sdk';
import { Kysely, sql } from 'kysely';
import { nodeSqliteDialect } from './dialect.ts';
import { errors } from './errors.ts';
import { migrations } from './migrations.ts';
import type { MetadataTables } from './schema.ts';
import { isBusy, toStoreError } from './sqlite-error.ts';

/** "vpmd", kept in the file's header, so that no other program's database is taken for ours. */
const applicationId = 0x76_70_6d_64;

/** How long SQLite itself may wait for a lock: it blocks the event loop, so the longer wait is ours. */
const blockingWaitMs = 100;

/** How long a call waits for other processes in all. */
const patienceMs = 30_000;

/** The open metadata database. */
export type MetadataDatabase = Kysely<MetadataTables>;

/** Opens the file, making it and bringing its schema up to date where needed. */
export async function openDatabase(path: string): Promise<MetadataDatabase> {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw errors.VP_STORE_UNREADABLE({ path, reason: describeThrown(error) }, { cause: error });
  }
  return await retryBusy(path, () => openOnce(path));
}

async function openOnce(path: string): Promise<MetadataDatabase> {
  const file = new DatabaseSync(path, { timeout: blockingWaitMs });
  const db = new Kysely<MetadataTables>({ dialect: nodeSqliteDialect(file) });
  try {
    await refuseForeign(db, path);
    file.exec('pragma journal_mode = wal');
    file.exec('pragma synchronous = normal');
    file.exec('pragma foreign_keys = on');
    await migrate(db, path);
    return db;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function refuseForeign(db: MetadataDatabase, path: string): Promise<void> {
  const id = await pragma(db, 'application_id');
  if (id === applicationId) return;
  const { rows } = await sql<{ n: number }>`select count(*) as n from sqlite_master`.execute(db);
  if (id !== 0 || (rows[0]?.n ?? 0) > 0) throw errors.VP_STORE_FOREIGN({ path });
}

async function migrate(db: MetadataDatabase, path: string): Promise<void> {
  const known = migrations.length;
  if ((await pragma(db, 'user_version')) === known) return;
  await db.transaction().execute(async (trx) => {
    // Read again under the write lock: another process may have migrated meanwhile.
    const found = await pragma(trx, 'user_version');
    if (found > known) throw errors.VP_STORE_TOO_NEW({ path, found, known });
    for (const migration of migrations.slice(found)) await migration(trx.withTables<never>());
    await sql.raw(`pragma application_id = ${applicationId}`).execute(trx);
    await sql.raw(`pragma user_version = ${known}`).execute(trx);
  });
}

async function pragma(db: MetadataDatabase, name: 'application_id' | 'user_version'): Promise<number> {
  const { rows } = await sql<Record<string, number>>`pragma ${sql.raw(name)}`.execute(db);
  return rows[0]?.[name] ?? 0;
}

/** Runs `attempt` again while other processes hold the lock, without blocking the event loop. */
export async function retryBusy<T>(path: string, attempt: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let pause = 5; ; pause = Math.min(pause * 2, 250)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw toStoreError(error, path);
      const waitedMs = performance.now() - began;
      if (waitedMs > patienceMs) throw errors.VP_STORE_BUSY({ path, waitedMs }, { cause: error });
      await sleep(pause / 2 + (Math.random() * pause) / 2);
    }
  }
}
