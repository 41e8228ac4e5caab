import type { ColumnFit, TableSchema, WriteRequest } from '@vp/plugin-sdk';
import type { Relation } from '../catalogue/tables.ts';
import type { Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteTable, type TableName } from '../names.ts';
import type { Stage } from './stage.ts';
import { changeSql, columnsSql } from './target.ts';

interface Publishing {
  readonly session: Session;
  readonly stage: Stage;
  readonly target: TableName;
  readonly existing: Relation | undefined;
  readonly request: WriteRequest;
  readonly schema: TableSchema;
  readonly fits: readonly ColumnFit[];
}

/** Moves staged rows to where everybody sees them. Runs in the transaction of the commit. */
export async function publishStage(publishing: Publishing): Promise<void> {
  const { session, target, existing, request, fits } = publishing;
  if (existing === undefined) return adopt(publishing);
  for (const change of request.changes ?? []) await session.query(changeSql(target, change, fits));
  if (request.mode === 'append') return append(publishing);
  if (request.mode === 'merge') return merge(publishing);
  return replace(publishing, existing);
}

/** The stage becomes the table. */
async function adopt({ session, stage, target, request }: Publishing): Promise<void> {
  const { schema, table } = stage.name;
  await session.query(`comment on table ${quoteTable(stage.name)} is null`);
  if (request.mode === 'merge') await keepLast({ session, stage, key: keyOf(request) });
  await session.query(
    `alter table ${quoteName(schema)}.${quoteName(table)} rename to ${quoteName(target.table)}`,
  );
  if (request.mode === 'merge') {
    const key = keyOf(request).map(quoteName).join(', ');
    await session.query(`alter table ${quoteTable(target)} add primary key (${key})`);
  }
}

async function append({ session, stage, target, schema }: Publishing): Promise<void> {
  const names = namesOf(schema);
  await session.query(
    `insert into ${quoteTable(target)} (${names}) select ${names} from ${quoteTable(stage.name)}`,
  );
}

async function merge({ session, stage, target, schema, request }: Publishing): Promise<void> {
  const key = keyOf(request);
  await keepLast({ session, stage, key });
  const names = namesOf(schema);
  const isSame = key.map((name) => `t.${quoteName(name)} = s.${quoteName(name)}`).join(' and ');
  const others = schema.fields.map(({ name }) => name).filter((name) => !key.includes(name));
  if (others.length > 0) {
    const set = others.map((name) => `${quoteName(name)} = s.${quoteName(name)}`).join(', ');
    await session.query(
      `update ${quoteTable(target)} t set ${set} from ${quoteTable(stage.name)} s where ${isSame}`,
    );
  }
  await session.query(
    `insert into ${quoteTable(target)} (${names}) select ${names} from ${quoteTable(stage.name)} s
      where not exists (select 1 from ${quoteTable(target)} t where ${isSame})`,
  );
}

/** Of several rows with one key, the one that came last. */
async function keepLast(init: {
  readonly session: Session;
  readonly stage: Stage;
  readonly key: readonly string[];
}): Promise<void> {
  const { session, stage, key } = init;
  const isSame = key.map((name) => `a.${quoteName(name)} = b.${quoteName(name)}`).join(' and ');
  const table = quoteTable(stage.name);
  await session.query(`analyze ${table}`);
  await session.query(`delete from ${table} a using ${table} b where ${isSame} and a.ctid < b.ctid`);
}

/**
 * All rows anew. A table that nothing else hangs on is swapped; one with indexes, grants, views, triggers
 * or foreign keys stays itself, and its rows are exchanged, so that all of these stay too.
 */
async function replace(publishing: Publishing, existing: Relation): Promise<void> {
  const { session, target, schema, fits } = publishing;
  if (await isPlain(session, target)) {
    await session.query(`drop table ${quoteTable(target)}`);
    return adopt(publishing);
  }
  const natives = new Map(existing.columns.map(({ field }) => [field.name, field.nativeType]));
  await session.query(`truncate ${quoteTable(target)}`);
  for (const { field } of existing.columns)
    if (!schema.fields.some(({ name }) => name === field.name))
      await session.query(`alter table ${quoteTable(target)} drop column ${quoteName(field.name)}`);
  for (const field of schema.fields) {
    const native = fits.find((fit) => fit.column === field.name)?.native ?? 'text';
    const name = quoteName(field.name);
    const was = natives.get(field.name);
    const change =
      was === undefined
        ? `add column ${columnsSql({ fields: [field] }, fits, undefined)}`
        : was === native
          ? undefined
          : `alter column ${name} type ${native} using null::${native}`;
    if (change !== undefined) await session.query(`alter table ${quoteTable(target)} ${change}`);
  }
  await append(publishing);
}

async function isPlain(session: Session, target: TableName): Promise<boolean> {
  const [row] = await session.query<{ plain: boolean }>(
    `select c.relkind = 'r' and c.relacl is null and not c.relhasindex and not c.relhastriggers
            and not c.relhasrules and not c.relrowsecurity and c.reloptions is null
            and not exists (select 1 from pg_depend d where d.refclassid = 'pg_class'::regclass
                              and d.refobjid = c.oid and d.deptype in ('n', 'a')
                              and d.classid <> 'pg_type'::regclass and d.classid <> 'pg_class'::regclass)
            and not exists (select 1 from pg_inherits i where c.oid in (i.inhrelid, i.inhparent))
            and not exists (select 1 from pg_description d where d.classoid = 'pg_class'::regclass and d.objoid = c.oid)
            and not exists (select 1 from pg_constraint n where n.conrelid = c.oid or n.confrelid = c.oid)
            and not exists (select 1 from pg_publication_rel p where p.prrelid = c.oid) as plain
       from pg_class c where c.oid = to_regclass($1)`,
    [quoteTable(target)],
  );
  return row?.plain === true;
}

function keyOf({ key }: WriteRequest): readonly string[] {
  if (key === undefined || key.length === 0)
    throw errors.VP_POSTGRES_OPTION({ problem: 'Mode merge needs the `key` that identifies a row' });
  return key;
}

const namesOf = (schema: TableSchema): string => schema.fields.map(({ name }) => quoteName(name)).join(', ');
