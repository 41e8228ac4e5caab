import { randomBytes } from 'node:crypto';
import type { ColumnFit, CommitMeta, TableSchema, WriteRequest } from '@vp/plugin-sdk';
import type { Column, Relation } from '../catalogue/tables.ts';
import type { Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteTable, quoteText, type TableName } from '../names.ts';
import { announceCommit, markedComment, settleCommits, writeCommit } from './commits.ts';
import type { Stage } from './stage.ts';
import { changeSql } from './target.ts';

/** Numbers the rows of a stage whose rows may come twice. */
export const rowNumber = '_vp_row';

interface Publishing {
  readonly session: Session;
  readonly stage: Stage;
  readonly target: TableName;
  readonly existing: Relation | undefined;
  readonly request: WriteRequest;
  readonly schema: TableSchema;
  readonly fits: readonly ColumnFit[];
  readonly feed: string;
  readonly meta: CommitMeta;
  /** Whether the stage may take the place of the table that is there. */
  readonly swaps: boolean;
}

/** Moves staged rows to where everybody sees them, and what was committed with them. Runs alone at the target. */
export async function publishStage(publishing: Publishing): Promise<void> {
  const { session, request, existing, stage, swaps } = publishing;
  if (request.mode === 'merge') await keepLast(session, stage, keyOf(request));
  if (existing === undefined || swaps) return swap(publishing);
  return exchange(publishing, existing);
}

/**
 * The stage becomes the table: RENAME is the commit, since what was announced before counts only when the
 * table carries its mark.
 */
async function swap({ session, stage, target, existing, request, feed, meta }: Publishing): Promise<void> {
  if (request.mode === 'merge') {
    const key = keyOf(request).map(quoteName).join(', ');
    await session.query(
      `alter table ${quoteTable(stage.name)} drop column ${quoteName(rowNumber)}, add primary key (${key})`,
    );
  }
  const mark = randomBytes(8).toString('hex');
  const comment = markedComment(existing?.comment ?? '', mark) ?? '';
  await session.query(`alter table ${quoteTable(stage.name)} comment = ${quoteText(comment)}`);
  await announceCommit(session, target, { feed, meta, mark });
  const aside = existing === undefined ? '' : `${quoteTable(target)} to ${quoteTable(stage.old)}, `;
  await session.query(`rename table ${aside}${quoteTable(stage.name)} to ${quoteTable(target)}`);
  await settleCommits(session, target);
  if (existing !== undefined) await session.query(`drop table if exists ${quoteTable(stage.old)}`);
}

/** Rows go into the table that stays, in one transaction with what was committed. */
async function exchange(publishing: Publishing, existing: Relation): Promise<void> {
  const { session, stage, target, request, schema, feed, meta } = publishing;
  // The server commits these at once, each: they are made before, and found made by a second attempt.
  for (const change of changesOf(publishing, existing)) await session.query(change);
  await session.query('start transaction');
  try {
    if (request.mode === 'replace') await session.query(`delete from ${quoteTable(target)}`);
    if (request.mode === 'merge') await merge(publishing, existing);
    else {
      const names = namesOf(schema);
      await session.query(
        `insert into ${quoteTable(target)} (${names}) select ${names} from ${quoteTable(stage.name)}`,
      );
    }
    await writeCommit(session, target, feed, meta);
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(() => {
      // The connection is gone, and the transaction with it.
    });
    throw error;
  }
  await session.query(`drop table if exists ${quoteTable(stage.name)}`);
}

function changesOf({ session, target, request, schema }: Publishing, existing: Relation): readonly string[] {
  const { flavour } = session;
  const known = new Set(existing.columns.map(({ field }) => field.name.toLowerCase()));
  const added = schema.fields.filter(({ name }) => !known.has(name.toLowerCase()));
  const changes =
    request.mode === 'replace'
      ? added.map((column) => ({ kind: 'column.added', column }) as const)
      : (request.changes ?? []);
  return changes.flatMap((change) => changeSql({ table: target, change, there: existing, flavour }) ?? []);
}

async function merge(
  { session, stage, target, schema, request }: Publishing,
  existing: Relation,
): Promise<void> {
  const key = keyOf(request);
  const names = namesOf(schema);
  const isSame = key.map((name) => sameKey(name, existing.columns)).join(' and ');
  const others = schema.fields.map(({ name }) => name).filter((name) => !key.includes(name));
  // The stage is read through and each row looked up: the target's index on the key does the work.
  const pairs = `${quoteTable(stage.name)} s straight_join ${quoteTable(target)} t on ${isSame}`;
  if (others.length > 0) {
    const set = others.map((name) => `t.${quoteName(name)} = s.${quoteName(name)}`).join(', ');
    await session.query(`update ${pairs} set ${set}`);
  }
  await session.query(
    `insert into ${quoteTable(target)} (${names}) select ${schema.fields.map(({ name }) => `s.${quoteName(name)}`).join(', ')}
       from ${quoteTable(stage.name)} s where not exists (select 1 from ${quoteTable(target)} t where ${isSame})`,
  );
}

/**
 * Texts are the same when their bytes are: a collation that takes A for a would merge two rows into one. Such
 * rows are refused by the table's own key instead. The comparison in the collation is for the index.
 */
function sameKey(name: string, columns: readonly Column[]): string {
  const column = quoteName(name);
  const text = columns.find(({ field }) => field.name.toLowerCase() === name.toLowerCase())?.text;
  if (text === undefined) return `t.${column} = s.${column}`;
  const value = `convert(s.${column} using ${text.charset})`;
  return `(t.${column} = ${value} collate ${text.collation} and binary t.${column} = binary ${value})`;
}

/** Of several rows with one key, the one that came last. */
async function keepLast(session: Session, stage: Stage, key: readonly string[]): Promise<void> {
  const table = quoteTable(stage.name);
  const number = quoteName(rowNumber);
  await session.query(
    `delete s from ${table} s left join
       (select max(${number}) as ${number} from ${table} group by ${key.map(quoteName).join(', ')}) last
       on s.${number} = last.${number} where last.${number} is null`,
  );
}

function keyOf({ key }: WriteRequest): readonly string[] {
  if (key === undefined || key.length === 0)
    throw errors.VP_MYSQL_OPTION({ problem: 'Mode merge needs the `key` that identifies a row' });
  return key;
}

const namesOf = (schema: TableSchema): string => schema.fields.map(({ name }) => quoteName(name)).join(', ');
