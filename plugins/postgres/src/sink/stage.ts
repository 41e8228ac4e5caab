import { createHash } from 'node:crypto';
import type { Session } from '../connection/server.ts';
import { quoteName, quoteTable, type TableName } from '../names.ts';

const prefix = '_vp_stage_';

/** A table that a writer fills and nobody else reads. */
export interface Stage {
  readonly name: TableName;
  /** Two numbers of the advisory lock that its living writer holds. */
  readonly lock: readonly [number, number];
}

/** The staging table of a write: the same name for every attempt with its token. */
export function stageOf(target: TableName, feed: string, token: string): Stage {
  const hash = createHash('sha256')
    .update(JSON.stringify([target.table, feed, token]))
    .digest('hex');
  return stageNamed({ schema: target.schema, table: `${prefix}${hash.slice(0, 12)}` });
}

function stageNamed(name: TableName): Stage {
  const hash = createHash('sha256').update(`${name.schema}.${name.table}`).digest();
  return { name, lock: [hash.readInt32BE(0), hash.readInt32BE(4)] };
}

/** Takes a stage for a session that stays open as long as its writer lives. */
export async function claimStage(session: Session, stage: Stage): Promise<void> {
  await session.query('select pg_advisory_lock($1, $2)', stage.lock);
  await session.query(`drop table if exists ${quoteTable(stage.name)}`);
}

/** Removes the stages of dead writers. @returns their names */
export async function removeDeadStages(
  session: Session,
  { schema, table }: TableName,
): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind = 'r' and c.relname like $2
        and obj_description(c.oid, 'pg_class') = $3`,
    [schema, `${prefix.replaceAll('_', '\\_')}%`, stageComment(table)],
  );
  const removed: string[] = [];
  for (const { name } of rows) {
    const stage = stageNamed({ schema, table: name });
    const [got] = await session.query<{ free: boolean }>(
      'select pg_try_advisory_lock($1, $2) as free',
      stage.lock,
    );
    if (got?.free !== true) continue;
    await session.query(`drop table if exists ${quoteTable(stage.name)}`);
    await session.query('select pg_advisory_unlock($1, $2)', stage.lock);
    removed.push(`${quoteName(schema)}.${quoteName(name)}`);
  }
  return removed;
}

/** What a stage says of itself, so that `recover` touches no other table's. */
export const stageComment = (table: string): string =>
  `VibePiper: rows for ${table} before they are committed`;
