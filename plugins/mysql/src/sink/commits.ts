import { createHash } from 'node:crypto';
import { type CommitMeta, isVpError } from '@vp/plugin-sdk';
import { releaseLock, type Session, tryLock } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { formatTable, quoteName, quoteTable, quoteText, type TableName } from '../names.ts';

/** Table beside the data, one in each database: what was last committed, by table and feed. */
const place = (schema: string) => `${quoteName(schema)}.\`_vp_commits\``;

/** Longer names of feeds are kept by their hash. */
const keyOf = (feed: string): string =>
  [...feed].length <= 400 ? feed : `sha256:${createHash('sha256').update(feed).digest('hex')}`;

/** Makes the table where it is missing. `next_…`: a commit that counts once the table carries its mark. */
export async function ensureCommits(session: Session, schema: string): Promise<void> {
  const [there] = await session.query(
    `select count(*) as n from information_schema.tables where table_schema = ? and table_name = '_vp_commits'`,
    [schema],
  );
  if (there?.n !== '0') return;
  await session.query(`create database if not exists ${quoteName(schema)}`).catch((error: unknown) => {
    // Who may not make databases has one already, or is told so by the next statement.
    if (!(isVpError(error) && error.code === 'VP_MYSQL_DENIED')) throw error;
  });
  await session.query(
    `create table if not exists ${place(schema)} (
       table_name varchar(64) not null, feed varchar(400) not null,
       token text, meta longtext, committed_at timestamp(6) not null default current_timestamp(6),
       next_token text, next_meta longtext, next_mark varchar(64), primary key (table_name, feed)
     ) engine = InnoDB character set utf8mb4 collate utf8mb4_bin`,
  );
}

/** A mark stands at the end of a table's comment, and goes with the table when it is renamed. */
const markPattern = / ?\[vp commit [0-9a-f]{16}\]$/;
const markText = (mark: string) => `[vp commit ${mark}]`;

/** The comment of a table with a mark; `undefined` when there is no room for it. */
export function markedComment(comment: string, mark: string): string | undefined {
  const plain = comment.replace(markPattern, '');
  const text = plain === '' ? markText(mark) : `${plain} ${markText(mark)}`;
  return [...text].length <= 2048 ? text : undefined;
}

/**
 * What was last committed. A row with `next_…` was written just before a table with that mark took the place
 * of the target by RENAME: whether it did is seen by the target's comment, and by nothing else.
 */
export async function lastCommit(
  session: Session,
  target: TableName,
  feed: string,
): Promise<CommitMeta | undefined> {
  const [there] = await session.query(
    `select count(*) as n from information_schema.tables where table_schema = ? and table_name = '_vp_commits'`,
    [target.schema],
  );
  if (there?.n === '0') return undefined;
  const [row] = await session.query(
    `select meta, next_meta, next_mark from ${place(target.schema)} where table_name = ? and feed = ?`,
    [target.table, keyOf(feed)],
  );
  const isNext =
    typeof row?.next_mark === 'string' &&
    (await commentOf(session, target)).endsWith(markText(row.next_mark));
  const meta = isNext ? row?.next_meta : row?.meta;
  return typeof meta === 'string' ? (JSON.parse(meta) as CommitMeta) : undefined;
}

async function commentOf(session: Session, { schema, table }: TableName): Promise<string> {
  const [row] = await session.query(
    'select table_comment as c from information_schema.tables where table_schema = ? and table_name = ?',
    [schema, table],
  );
  return row?.c ?? '';
}

/** Seconds that a commit waits for another one to the same table. */
const patience = 300;

/** Runs `work` while nobody else commits to the table. */
export async function aloneAt<T>(session: Session, target: TableName, work: () => Promise<T>): Promise<T> {
  const hash = createHash('sha256')
    .update(JSON.stringify([target.schema, target.table]))
    .digest('hex');
  const lock = `_vp:c:${hash.slice(0, 40)}`;
  if (!(await tryLock(session, lock, patience)))
    throw errors.VP_MYSQL_LOCKED({ reason: `another commit to ${formatTable(target)} does not end` });
  try {
    return await work();
  } finally {
    await releaseLock(session, lock).catch(() => {
      // The connection is gone, and the lock with it.
    });
  }
}

/** Writes down what is committed with the transaction that is open. */
export async function writeCommit(
  session: Session,
  target: TableName,
  feed: string,
  meta: CommitMeta,
): Promise<void> {
  await session.query(
    `insert into ${place(target.schema)} (table_name, feed, token, meta) values (?, ?, ?, ?)
     on duplicate key update token = values(token), meta = values(meta), committed_at = current_timestamp(6),
       next_token = null, next_meta = null, next_mark = null`,
    [target.table, keyOf(feed), meta.token, JSON.stringify(meta)],
  );
}

/** Writes down what will be committed by the RENAME of the table with the mark. */
export async function announceCommit(
  session: Session,
  target: TableName,
  { feed, meta, mark }: { readonly feed: string; readonly meta: CommitMeta; readonly mark: string },
): Promise<void> {
  await session.query(
    `insert into ${place(target.schema)} (table_name, feed, next_token, next_meta, next_mark) values (?, ?, ?, ?, ?)
     on duplicate key update next_token = values(next_token), next_meta = values(next_meta), next_mark = values(next_mark)`,
    [target.table, keyOf(feed), meta.token, JSON.stringify(meta), mark],
  );
}

/**
 * Makes plain what announced commits came to, of all feeds of a table: those whose mark it carries are
 * committed, the others never were. Called alone at the table.
 */
export async function settleCommits(session: Session, target: TableName): Promise<void> {
  const comment = await commentOf(session, target);
  const [, mark = ''] = /\[vp commit ([0-9a-f]{16})\]$/.exec(comment) ?? [];
  await session.query(
    `update ${place(target.schema)} set token = if(next_mark = ?, next_token, token),
            meta = if(next_mark = ?, next_meta, meta),
            committed_at = if(next_mark = ?, current_timestamp(6), committed_at),
            next_token = null, next_meta = null, next_mark = null
      where table_name = ? and next_mark is not null`,
    [mark, mark, mark, target.table],
  );
  if (mark === '') return;
  const plain = comment.replace(markPattern, '');
  await session.query(`alter table ${quoteTable(target)} comment = ${quoteText(plain)}`);
}
