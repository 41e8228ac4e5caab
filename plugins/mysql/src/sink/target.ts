import { type ColumnFit, type Field, type SchemaChange, sameType, type TableSchema } from '@vp/plugin-sdk';
import { type Column, lookUpTable, type Relation } from '../catalogue/tables.ts';
import type { Flavour, Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { formatTable, nameProblem, parseTable, quoteName, quoteTable, type TableName } from '../names.ts';
import { columnType } from '../types/native-type.ts';
import { storedAs } from './native-ddl.ts';

/** A name as options give it, as the server stores it. */
export function targetName(text: string, database: string, { foldsTables }: Flavour): TableName {
  const name = parseTable(text, database);
  for (const part of [name.schema, name.table]) {
    const reason = nameProblem(part);
    if (reason !== undefined) throw errors.VP_MYSQL_NAME({ name: part, reason });
  }
  return foldsTables ? { schema: name.schema.toLowerCase(), table: name.table.toLowerCase() } : name;
}

/** The table that is written to; `undefined` when it is not there. @throws VpError for a view */
export async function existingTable(session: Session, name: TableName): Promise<Relation | undefined> {
  const found = await lookUpTable(session, name);
  if (found?.kind === 'view')
    throw errors.VP_MYSQL_OPTION({ problem: `${formatTable(name)} is a view: a sink writes into tables` });
  return found;
}

/**
 * Whether a table can give way to another of the same name. Grants and views go by names and stay; triggers
 * and foreign keys go with the table. That there are no triggers is known only to those who may see them.
 */
export async function canBeSwapped(session: Session, { schema, table }: TableName): Promise<boolean> {
  const [row] = await session.query(
    `select (select table_type from information_schema.tables where table_schema = ? and table_name = ?) as type,
            (select count(*) from information_schema.triggers
              where event_object_schema = ? and event_object_table = ?) as triggers,
            (select count(*) from information_schema.key_column_usage
              where (table_schema = ? and table_name = ? and referenced_table_name is not null)
                 or (referenced_table_schema = ? and referenced_table_name = ?)) as links`,
    [schema, table, schema, table, schema, table, schema, table],
  );
  const [seen] = await session.query(
    `select count(*) as n from (
       select grantee, privilege_type from information_schema.user_privileges
       union all select grantee, privilege_type from information_schema.schema_privileges
         where replace(table_schema, '\\\\', '') = ?
       union all select grantee, privilege_type from information_schema.table_privileges
         where table_schema = ? and table_name = ?) p
      where privilege_type = 'TRIGGER'
        and grantee = concat('''', replace(current_user(), '@', '''@'''), '''')`,
    [schema, schema, table],
  );
  return row?.type === 'BASE TABLE' && row.triggers === '0' && row.links === '0' && seen?.n !== '0';
}

/**
 * How columns are stored: in the table that stays, as it has them; in a new one, by the source's own name of
 * the type where it means the same here, else by the logical type's.
 */
export function fitColumns(init: {
  readonly flavour: Flavour;
  readonly schema: TableSchema;
  readonly stays: Relation | undefined;
  readonly key?: readonly string[] | undefined;
}): readonly ColumnFit[] {
  const { flavour, schema, stays, key = [] } = init;
  checkNames(schema);
  const there = new Map((stays?.columns ?? []).map(({ field }) => [field.name.toLowerCase(), field]));
  const isNarrow = schema.fields.reduce((sum, field) => sum + widthOf(field), 0) < 8_000;
  return schema.fields.map((field): ColumnFit => {
    const kept = there.get(field.name.toLowerCase());
    const { type, native } =
      kept === undefined
        ? (knownNative(field, flavour, isNarrow) ?? storedAs(field, flavour, key.includes(field.name)))
        : { type: kept.type, native: kept.nativeType ?? '' };
    return { column: field.name, name: field.name, type, native };
  });
}

function checkNames({ fields }: TableSchema): void {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    const other = seen.get(name.toLowerCase());
    const reason =
      nameProblem(name) ?? (other === undefined ? undefined : `"${other}" differs from it only by case`);
    if (reason !== undefined) throw errors.VP_MYSQL_NAME({ name, reason });
    seen.set(name.toLowerCase(), name);
  }
}

const widthOf = ({ nativeType = '' }: Field): number =>
  Number(/^(?:var)?char\((\d+)\)/.exec(nativeType)?.[1] ?? 0);

/** Other vendors have types of the same name without a limit (text), and limits of other kinds. */
const shared = /^(text|blob|time|timestamp|date|json|uuid|char|binary|vector)$/;

function knownNative(field: Field, { isMaria, release }: Flavour, isNarrow: boolean) {
  const { nativeType: native = '', type } = field;
  if (shared.test(native) || (/^(var)?char/.test(native) && !isNarrow)) return undefined;
  const isElsewhere = /^inet/.test(native) && !isMaria;
  if (isElsewhere || (native === 'inet4' && release < 1010)) return undefined;
  const known = columnType(native)?.type;
  return known !== undefined && sameType(known, type) ? { type, native } : undefined;
}

/** `` `id` bigint not null, `note` longtext ``. A TIMESTAMP says that it may be NULL: old servers take it for "now". */
export function columnSql(field: Field, fits: readonly ColumnFit[]): string {
  const native = fits.find((fit) => fit.column === field.name)?.native ?? 'longtext';
  return `${quoteName(field.name)} ${native} ${field.nullable ? 'null' : 'not null'}`;
}

/** What makes a table that is empty have these columns and no other. Indexes lose the columns that go. */
export function adaptSql(
  table: TableName,
  columns: readonly Column[],
  schema: TableSchema,
  fits: readonly ColumnFit[],
): string | undefined {
  const wanted = new Map(schema.fields.map((field) => [field.name.toLowerCase(), field]));
  const there = new Map(columns.map((column) => [column.field.name.toLowerCase(), column]));
  const parts = [
    ...columns
      .filter(({ field }) => !wanted.has(field.name.toLowerCase()))
      .map(({ field }) => `drop column ${quoteName(field.name)}`),
    ...schema.fields.flatMap((field) => {
      const old = there.get(field.name.toLowerCase());
      if (old === undefined) return [`add column ${columnSql(field, fits)}`];
      const native = fits.find((fit) => fit.column === field.name)?.native;
      const isSame =
        old.field.nativeType === native &&
        old.field.nullable === field.nullable &&
        old.field.name === field.name;
      return isSame && !old.generated
        ? []
        : [`change column ${quoteName(old.field.name)} ${columnSql(field, fits)}`];
    }),
  ];
  return parts.length === 0 ? undefined : `alter table ${quoteTable(table)} ${parts.join(', ')}`;
}

/**
 * The statement for a change of the columns; `undefined` when it was made already: the server commits each at
 * once, so that a second attempt finds them done.
 */
export function changeSql(init: {
  readonly table: TableName;
  readonly change: SchemaChange;
  readonly there: Relation;
  readonly flavour: Flavour;
}): string | undefined {
  const { table, change, there, flavour } = init;
  const alter = `alter table ${quoteTable(table)}`;
  const old = (name: string) =>
    there.columns.find(({ field }) => field.name.toLowerCase() === name.toLowerCase())?.field;
  const nullability = (name: string, nullable: boolean) => {
    const field = old(name);
    if (field === undefined || field.nullable === nullable) return undefined;
    return `${alter} modify column ${quoteName(field.name)} ${field.nativeType} ${nullable ? 'null' : 'not null'}`;
  };
  const fitsOf = (field: Field): readonly ColumnFit[] =>
    fitColumns({ flavour, schema: { fields: [field] }, stays: undefined });
  switch (change.kind) {
    case 'column.added': {
      // Rows that are there have no value for it.
      const field = { ...change.column, nullable: true };
      return old(field.name) === undefined
        ? `${alter} add column ${columnSql(field, fitsOf(field))}`
        : undefined;
    }
    case 'column.removed':
      // The data has it no more; what was collected stays.
      return nullability(change.column.name, true);
    case 'column.renamed': {
      const field = old(change.from);
      if (field === undefined) return undefined;
      const as = `${field.nativeType} ${field.nullable ? 'null' : 'not null'}`;
      return `${alter} change column ${quoteName(field.name)} ${quoteName(change.to)} ${as}`;
    }
    case 'column.retyped': {
      const field = old(change.column);
      if (field === undefined || sameType(field.type, change.to)) return undefined;
      const wanted: Field = { name: field.name, type: change.to, nullable: field.nullable };
      return `${alter} modify column ${columnSql(wanted, fitsOf(wanted))}`;
    }
    case 'column.nullable':
      return nullability(change.column, change.nullable);
    case 'key.changed':
      return `${alter} add primary key (${change.to.map(quoteName).join(', ')})`;
  }
}
