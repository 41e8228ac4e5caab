import { createHash } from 'node:crypto';
import { lookUpTable } from '../catalogue/tables.ts';
import { releaseLock, type Session, tryLock } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { formatTable, quoteTable, type TableName } from '../names.ts';

const hex = (parts: readonly string[], length: number): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);

/** Begins the names of all tables that writers of this table make beside it. */
const prefixOf = ({ table }: TableName): string => `_vp_stage_${hex([table], 8)}_`;

/** A table that a writer fills and nobody else reads. */
export interface Stage {
  readonly name: TableName;
  /** Where the table that it replaces goes, until it is dropped. */
  readonly old: TableName;
  /** The lock that its living writer holds. */
  readonly lock: string;
}

/** The staging table of a write: the same name for every attempt with its token. */
export function stageOf(target: TableName, feed: string, token: string): Stage {
  return stageNamed(target.schema, `${prefixOf(target)}${hex([feed, token], 12)}`);
}

const stageNamed = (schema: string, table: string): Stage => ({
  name: { schema, table },
  old: { schema, table: `${table}_old` },
  lock: `_vp:${hex([schema, table], 40)}`,
});

/** Seconds that a writer waits for one that is about to end. */
const patience = 30;

/** Takes a stage for a session that stays open as long as its writer lives. */
export async function claimStage(session: Session, target: TableName, stage: Stage): Promise<void> {
  if (!(await tryLock(session, stage.lock, patience)))
    throw errors.VP_MYSQL_LOCKED({
      reason: `another writer of ${formatTable(target)} with the same token is at work`,
    });
  await putBack(session, target, stage);
  await session.query(`drop table if exists ${quoteTable(stage.name)}, ${quoteTable(stage.old)}`);
}

/**
 * Servers without atomic DDL (MariaDB before 10.6) may die between the two halves of a swap: then the table
 * is gone and what was put aside is all that there is of it.
 */
async function putBack(session: Session, target: TableName, stage: Stage): Promise<void> {
  if ((await lookUpTable(session, stage.old)) === undefined) return;
  if ((await lookUpTable(session, target)) !== undefined) return;
  await session.query(`rename table ${quoteTable(stage.old)} to ${quoteTable(target)}`);
}

/** Removes what dead writers of a table left. @returns names of what it was */
export async function removeDeadStages(session: Session, target: TableName): Promise<readonly string[]> {
  const rows = await session.query(
    'select table_name as t from information_schema.tables where table_schema = ? and table_name like ? order by 1',
    [target.schema, `${prefixOf(target).replaceAll('_', '\\_')}%`],
  );
  const removed: string[] = [];
  for (const { t } of rows) {
    const stage = stageNamed(target.schema, (t ?? '').replace(/_old$/, ''));
    if (!(await tryLock(session, stage.lock, 0))) continue;
    await putBack(session, target, stage);
    const name = { schema: target.schema, table: t ?? '' };
    await session.query(`drop table if exists ${quoteTable(name)}`);
    await releaseLock(session, stage.lock);
    removed.push(formatTable(name));
  }
  return removed;
}
