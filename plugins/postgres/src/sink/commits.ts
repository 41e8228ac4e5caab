import type { CommitMeta } from '@vp/plugin-sdk';
import type { Session } from '../connection/server.ts';
import { quoteName, type TableName } from '../names.ts';

/** Table beside the data, one in each schema: what was last committed, by table and feed. */
const commitsTable = '_vp_commits';

const place = (schema: string) => `${quoteName(schema)}.${quoteName(commitsTable)}`;

/** Makes the table where it is missing. Not in the transaction of the data: two writers would wait for each other. */
export async function ensureCommits(session: Session, schema: string): Promise<void> {
  const [row] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    place(schema),
  ]);
  if (row?.there === true) return;
  // Two that make it at the same time stumble over each other even with IF NOT EXISTS.
  await session.query('select pg_advisory_lock(hashtext($1))', [place(schema)]);
  try {
    await session.query(`create schema if not exists ${quoteName(schema)}`);
    await session.query(
      `create table if not exists ${place(schema)} (
         table_name text not null, feed text not null, token text not null, meta json not null,
         committed_at timestamptz not null default now(), primary key (table_name, feed))`,
    );
  } finally {
    await session.query('select pg_advisory_unlock(hashtext($1))', [place(schema)]);
  }
}

/** What was last committed; with `lock`, nobody else can commit until the transaction ends. */
export async function lastCommit(
  session: Session,
  { schema, table }: TableName,
  { feed, lock = false }: { readonly feed: string; readonly lock?: boolean },
): Promise<CommitMeta | undefined> {
  const [there] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    place(schema),
  ]);
  if (there?.there !== true) return undefined;
  if (lock) {
    // A row that is not there yet cannot be locked: whoever commits first to this table goes first.
    await session.query('select pg_advisory_xact_lock(hashtext($1), hashtext($2))', [
      `${place(schema)}/${table}`,
      feed,
    ]);
  }
  const [row] = await session.query<{ meta: CommitMeta }>(
    `select meta from ${place(schema)} where table_name = $1 and feed = $2`,
    [table, feed],
  );
  return row?.meta;
}

export async function writeCommit(
  session: Session,
  { schema, table }: TableName,
  { feed, meta }: { readonly feed: string; readonly meta: CommitMeta },
): Promise<void> {
  await session.query(
    `insert into ${place(schema)} (table_name, feed, token, meta) values ($1, $2, $3, $4)
     on conflict (table_name, feed) do update
        set token = excluded.token, meta = excluded.meta, committed_at = now()`,
    [table, feed, meta.token, JSON.stringify(meta)],
  );
}
