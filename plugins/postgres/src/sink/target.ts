import type { ColumnFit, Field, SchemaChange, TableSchema } from '@vp/plugin-sdk';
import { sameType } from '@vp/plugin-sdk';
import { findTable, type Relation } from '../catalogue/tables.ts';
import { readTypes } from '../catalogue/types.ts';
import type { Session } from '../connection/server.ts';
import { quoteName, quoteTable, type TableName } from '../names.ts';
import { columnType } from '../types/native-type.ts';
import { storedAs } from './native-ddl.ts';

/** The table that is written to; `undefined` when it is not there. */
export async function existingTable(session: Session, name: TableName): Promise<Relation | undefined> {
  const [row] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    quoteTable(name),
  ]);
  return row?.there === true ? await findTable(session, quoteTable(name)) : undefined;
}

/**
 * How columns are stored: in the table that stays, as it has them; in a new one, by the source's own name of
 * the type where this server knows it for the same type, else by the logical type's.
 */
export async function fitColumns(
  session: Session,
  schema: TableSchema,
  stays: Relation | undefined,
): Promise<readonly ColumnFit[]> {
  const there = new Map((stays?.columns ?? []).map(({ field }) => [field.name, field]));
  const known = await knownNatives(session, schema);
  return schema.fields.map((field): ColumnFit => {
    const kept = there.get(field.name);
    const { type, native } =
      kept === undefined
        ? (known.get(field.name) ?? storedAs(field))
        : { type: kept.type, native: kept.nativeType ?? '' };
    return { column: field.name, name: field.name, type, native };
  });
}

/**
 * Names that the server's grammar takes, whether it has the type or not: it refuses a statement with `bigint(20)`
 * or `int unsigned` of another vendor.
 */
const mayBeOurs = new RegExp(
  [
    '^(?:[a-z_][a-z0-9_]*',
    'double precision',
    '(?:numeric|character varying|varchar|character|char|bit varying|bit)\\(\\d+(?:,\\d+)?\\)',
    '(?:timestamp|time)(?:\\(\\d\\))?(?: with(?:out)? time zone)?',
    'character varying',
    'bit varying)(?:\\[\\])*$',
  ].join('|'),
);

async function knownNatives(session: Session, schema: TableSchema) {
  const named = schema.fields.filter(({ nativeType = '' }) => mayBeOurs.test(nativeType));
  const found = new Map<string, { readonly type: Field['type']; readonly native: string }>();
  if (named.length === 0) return found;
  const rows = await session.query<{ native: string; oid: number | null }>(
    'select native, to_regtype(native)::oid as oid from unnest($1::text[]) as native',
    [[...new Set(named.map(({ nativeType = '' }) => nativeType))]],
  );
  const oids = new Map(rows.flatMap(({ native, oid }) => (oid === null ? [] : [[native, oid] as const])));
  const types = await readTypes(session, [...oids.values()]);
  for (const field of named) {
    const { name, type, nativeType: native = '' } = field;
    const oid = oids.get(native);
    if (oid === undefined) continue;
    const isSame = sameType(columnType({ types, oid, modifier: modifierOf(native) }).type, type);
    if (isSame) found.set(name, { type, native });
  }
  return found;
}

/** Only numeric's modifier decides about the logical type. */
function modifierOf(native: string): number {
  const [, precision, scale = '0'] = /^numeric\((\d+)(?:,(\d+))?\)$/.exec(native) ?? [];
  return precision === undefined ? -1 : ((Number(precision) << 16) | Number(scale)) + 4;
}

/** `"id" bigint not null, "note" text`, with the key when the table is to have one. */
export function columnsSql(
  schema: TableSchema,
  fits: readonly ColumnFit[],
  key: readonly string[] | undefined,
): string {
  const native = new Map(fits.map((fit) => [fit.column, fit.native]));
  const columns = schema.fields.map(
    ({ name, nullable }) => `${quoteName(name)} ${native.get(name)}${nullable ? '' : ' not null'}`,
  );
  if (key === undefined || key.length === 0) return columns.join(', ');
  return [...columns, `primary key (${key.map(quoteName).join(', ')})`].join(', ');
}

/** The statement for a change of the columns. */
export function changeSql(table: TableName, change: SchemaChange, fits: readonly ColumnFit[]): string {
  const alter = `alter table ${quoteTable(table)}`;
  const native = (column: string) => fits.find((fit) => fit.column === column)?.native ?? 'text';
  switch (change.kind) {
    case 'column.added':
      // Rows that are there have no value for it.
      return `${alter} add column ${quoteName(change.column.name)} ${native(change.column.name)}`;
    case 'column.removed':
      // The data has it no more; what was collected stays.
      return `${alter} alter column ${quoteName(change.column.name)} drop not null`;
    case 'column.renamed':
      return `${alter} rename column ${quoteName(change.from)} to ${quoteName(change.to)}`;
    case 'column.retyped': {
      const to = storedAs({ name: change.column, type: change.to, nullable: true }).native;
      const column = quoteName(change.column);
      return `${alter} alter column ${column} type ${to} using ${column}::${to}`;
    }
    case 'column.nullable':
      return `${alter} alter column ${quoteName(change.column)} ${change.nullable ? 'drop' : 'set'} not null`;
    case 'key.changed':
      return `${alter} add primary key (${change.to.map(quoteName).join(', ')})`;
  }
}
