import { didYouMean, type Field } from '@vp/plugin-sdk';
import type { Session, TextRow } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { formatTable, parseTable, quoteTable, type TableName } from '../names.ts';
import { type ColumnType, columnType } from '../types/native-type.ts';

/** A column of the server, and how it is read. */
export interface Column {
  readonly field: Field;
  readonly read: ColumnType;
  /** Computed by the server: cannot be written. */
  readonly generated: boolean;
  /** Of a text: its character set and collation. */
  readonly text?: { readonly charset: string; readonly collation: string };
}

/** A table, view or query that can be read. */
export interface Relation {
  /** What stands after FROM. */
  readonly sql: string;
  readonly label: string;
  readonly name?: TableName;
  readonly kind: 'table' | 'view' | 'query';
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly comment?: string;
  readonly estimatedRows?: number;
  readonly estimatedBytes?: number;
}

const system = "('information_schema', 'mysql', 'performance_schema', 'sys')";

/** All that the user may read in a database, but for the plugin's own. */
export async function listTables(session: Session, schema: string): Promise<readonly Relation[]> {
  return relations(session, { schema });
}

/** The table; `undefined` when it is not there. */
export async function lookUpTable(session: Session, name: TableName): Promise<Relation | undefined> {
  const [relation] = await relations(session, name);
  return relation;
}

/** @throws VpError when there is no such table, with the nearest name */
export async function findTable(session: Session, text: string, database: string): Promise<Relation> {
  const name = parseTable(text, database);
  const relation = await lookUpTable(session, name);
  if (relation !== undefined) return relation;
  const near = await session.query<{ s: string; t: string }>(
    `select table_schema as s, table_name as t from information_schema.tables
      where table_schema not in ${system} order by 1, 2 limit 10000`,
  );
  const names = near.map(({ s, t }) => formatTable({ schema: s, table: t }));
  const suggestion = didYouMean(formatTable(name), names);
  throw errors.VP_MYSQL_TABLE_MISSING({
    table: formatTable(name),
    suggestion: suggestion && ` ${suggestion}`,
  });
}

async function relations(
  session: Session,
  { schema, table }: { readonly schema: string; readonly table?: string },
): Promise<readonly Relation[]> {
  // Asked for by name, a database or table is found however the server compares names.
  const where = `table_schema = ?${table === undefined ? " and table_name not like '\\\\_vp\\\\_%'" : ' and table_name = ?'}`;
  const values = table === undefined ? [schema] : [schema, table];
  const tables = await session.query(
    `select table_schema as s, table_name as t, table_type as type, table_rows as n, data_length as bytes,
            table_comment as comment from information_schema.tables where ${where} order by 1, 2`,
    values,
  );
  if (tables.length === 0) return [];
  const [columns, keys, checks] = [
    await session.query(
      `select table_name as t, column_name as name, column_type as type, is_nullable as nullable,
              column_comment as comment, extra, character_set_name as charset, collation_name as collation
         from information_schema.columns where ${where} order by table_name, ordinal_position`,
      values,
    ),
    await session.query(
      `select table_name as t, column_name as name from information_schema.statistics
        where ${where} and index_name = 'PRIMARY' order by table_name, seq_in_index`,
      values,
    ),
    session.flavour.isMaria
      ? await session.query(
          `select table_name as t, check_clause as clause from information_schema.check_constraints
            where ${where.replace('table_schema', 'constraint_schema')}`,
          values,
        )
      : [],
  ];
  const columnsOf = Map.groupBy(columns, ({ t }) => t);
  const keysOf = Map.groupBy(keys, ({ t }) => t);
  const checksOf = Map.groupBy(checks, ({ t }) => t);
  return tables.map((row) => {
    const json = new Set((checksOf.get(row.t ?? '') ?? []).map(({ clause }) => clause));
    const name = { schema: row.s ?? '', table: row.t ?? '' };
    const isView = /VIEW/.test(row.type ?? '');
    return {
      sql: quoteTable(name),
      label: formatTable(name),
      name,
      kind: isView ? 'view' : 'table',
      columns: (columnsOf.get(row.t ?? '') ?? []).map((each) => columnOf(each, json)),
      key: (keysOf.get(row.t ?? '') ?? []).map(({ name: column }) => column ?? ''),
      ...(row.comment === '' || isView ? {} : { comment: row.comment ?? '' }),
      ...(row.n === null || row.n === undefined || isView ? {} : { estimatedRows: Number(row.n) }),
      ...(row.bytes === null || row.bytes === undefined ? {} : { estimatedBytes: Number(row.bytes) }),
    } satisfies Relation;
  });
}

function columnOf(row: TextRow, checks: ReadonlySet<string | null | undefined>): Column {
  const { name, type, nullable, comment, extra, charset, collation } = row;
  const column = name ?? '';
  // MariaDB's json is a longtext with a check.
  const isJson = checks.has(`json_valid(\`${column.replaceAll('`', '``')}\`)`);
  const native = isJson ? 'json' : (type ?? '');
  const read = columnType(native) ?? unknownType(charset ?? null);
  const description = comment === '' || comment === null ? {} : { description: comment ?? '' };
  return {
    read,
    ...(typeof charset === 'string' && typeof collation === 'string' ? { text: { charset, collation } } : {}),
    generated: /GENERATED/i.test(extra ?? '') && !/DEFAULT_GENERATED/i.test(extra ?? ''),
    field: {
      name: column,
      type: read.type,
      nullable: nullable === 'YES',
      ...description,
      nativeType: native,
    },
  };
}

/** A type of a newer server: what has no character set is bytes. */
const unknownType = (charset: string | null): ColumnType =>
  charset === null ? { type: { kind: 'binary' }, via: 'bytes' } : { type: { kind: 'utf8' }, via: 'text' };
