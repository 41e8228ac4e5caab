import { didYouMean, type Field } from '@vp/plugin-sdk';
import type { Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { parseTable, quoteName, type TableName } from '../names.ts';
import { type ColumnType, columnType } from '../types/native-type.ts';
import { readTypes } from './types.ts';

/** A column of the server, and how it is read. */
export interface Column {
  readonly field: Field;
  readonly read: ColumnType;
}

/** A table, view or query that can be read. */
export interface Relation {
  /** What stands after FROM. */
  readonly sql: string;
  readonly label: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly comment?: string;
  readonly estimatedRows?: number;
  readonly estimatedBytes?: number;
  /** Pages, of a plain table: what a parallel read is cut by. */
  readonly pages?: number;
}

interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly kind: string;
  readonly rows: number;
  readonly bytes: string;
  readonly pages: string;
  readonly comment: string | null;
  readonly key: readonly string[] | null;
}

interface ColumnRow {
  readonly relation: number;
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly dimensions: number;
  readonly required: boolean;
  readonly comment: string | null;
  readonly native: string;
}

const relationsSql = `
  select c.oid, n.nspname as schema, c.relname as table, c.relkind::text as kind,
         c.reltuples::float8 as rows, pg_relation_size(c.oid)::text as bytes,
         (pg_relation_size(c.oid) / current_setting('block_size')::int)::text as pages,
         obj_description(c.oid, 'pg_class') as comment,
         (select array_agg(a.attname::text order by k.place)
            from pg_index i cross join unnest(i.indkey) with ordinality as k(number, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
           where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f')
     and has_schema_privilege(n.oid, 'usage')
     and has_any_column_privilege(c.oid, 'select')`;

const columnsSql = `
  select a.attrelid as relation, a.attname as name, a.atttypid as type, a.atttypmod as modifier,
         a.attndims as dimensions, a.attnotnull as required,
         col_description(a.attrelid, a.attnum) as comment, format_type(a.atttypid, a.atttypmod) as native
    from pg_attribute a
   where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
   order by a.attrelid, a.attnum`;

/** All that the user may read, but for the server's own. */
export async function listTables(session: Session): Promise<readonly Relation[]> {
  const rows = await session.query<RelationRow>(
    `${relationsSql} and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast|^pg_temp'
       and c.relname !~ '^_vp_' order by 2, 3`,
  );
  return withColumns(session, rows);
}

/** @throws VpError when there is no such table, with the nearest name */
export async function findTable(session: Session, text: string): Promise<Relation> {
  const name = parseTable(text);
  const rows = await session.query<RelationRow>(`${relationsSql} and n.nspname = $1 and c.relname = $2`, [
    name.schema,
    name.table,
  ]);
  const [relation] = await withColumns(session, rows);
  if (relation !== undefined) return relation;
  const near = await session.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
      order by 1 limit 10000`,
  );
  const names = near.map((each) => each.name);
  const suggestion = didYouMean(`${name.schema}.${name.table}`, names);
  throw errors.VP_POSTGRES_TABLE_MISSING({
    table: `${name.schema}.${name.table}`,
    suggestion: suggestion && ` ${suggestion}`,
  });
}

/** The columns of a query, as the server describes them without running it. */
export async function describeQuery(session: Session, query: string): Promise<Relation> {
  const { fields } = await session.client.query(`select * from (${query}\n) as q limit 0`);
  const types = await readTypes(
    session,
    fields.map(({ dataTypeID }) => dataTypeID),
  );
  const columns = fields.map(({ name, dataTypeID: oid, dataTypeModifier: modifier }): Column => {
    const read = columnType({ types, oid, modifier });
    return { read, field: { name, type: read.type, nullable: true, nativeType: read.native.name } };
  });
  return { sql: `(${query}\n) as q`, label: 'a query', columns, key: [] };
}

async function withColumns(session: Session, rows: readonly RelationRow[]): Promise<readonly Relation[]> {
  if (rows.length === 0) return [];
  const all = await session.query<ColumnRow>(columnsSql, [rows.map(({ oid }) => oid)]);
  const types = await readTypes(session, [...new Set(all.map(({ type }) => type))]);
  const byTable = Map.groupBy(all, ({ relation }) => relation);
  return rows.map((row) => {
    const columns = (byTable.get(row.oid) ?? []).map((each): Column => {
      const { name, type: oid, modifier, dimensions, required, comment, native } = each;
      const read = columnType({ types, oid, modifier, dimensions });
      const description = comment === null ? {} : { description: comment };
      return {
        read,
        field: { name, type: read.type, nullable: !required, ...description, nativeType: native },
      };
    });
    const isStored = row.kind === 'r' || row.kind === 'm';
    const name: TableName = row;
    return {
      sql: `${quoteName(name.schema)}.${quoteName(name.table)}`,
      label: `${name.schema}.${name.table}`,
      columns,
      key: row.key ?? [],
      ...(row.comment === null ? {} : { comment: row.comment }),
      // -1 until the table is analyzed for the first time.
      ...(row.rows >= 0 ? { estimatedRows: row.rows } : {}),
      ...(isStored ? { estimatedBytes: Number(row.bytes), pages: Number(row.pages) } : {}),
    };
  });
}
