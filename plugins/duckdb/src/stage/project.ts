import { didYouMean, type Field, type LogicalType, type TableSchema } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { quoteName } from '../sql/quote.ts';
import { castTo } from '../types/casts.ts';
import { failure } from '../types/failure.ts';
import { isStoredAsIs, toStored } from '../types/storage.ts';

/** A column that there is, before it is cast. */
export interface ActualColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** The column in SQL; its quoted name when left out. */
  readonly expression?: string;
  /** The type's name in DuckDB. */
  readonly nativeType?: string;
  readonly nullable?: boolean;
}

/** What is selected to become a snapshot. */
export interface Projection {
  readonly schema: TableSchema;
  /** Whether the relation can be stored as it is. */
  readonly isIdentity: boolean;
  /** The SELECT over `relation` whose result is written. */
  select(relation: string): string;
}

/** How the columns that there are become the declared ones; all as they are when none are declared. */
export function project(actual: readonly ActualColumn[], declared: TableSchema | undefined): Projection {
  refuseDuplicates(actual);
  const pairs = declared === undefined ? actual.map(toOwnField) : match(actual, declared);
  let isIdentity = pairs.every(({ column, field }, i) => actual[i] === column && column.name === field.name);
  const casts = pairs.map(({ column, field }) => {
    const name = column.expression ?? quoteName(column.name);
    const x =
      declared === undefined && column.expression === undefined
        ? name
        : castTo(name, column.type, field.type, field.name);
    const guarded = needsNullGuard(field)
      ? `CASE WHEN ${name} IS NULL THEN ${failure(field.name, '', 'null')} ELSE ${x} END`
      : x;
    isIdentity &&= guarded === quoteName(column.name) && !isConvertedBySelf(column);
    return guarded;
  });
  isIdentity &&= pairs.every(({ field }) => isStoredAsIs(field.type));
  const schema: TableSchema = {
    fields: pairs.map(({ field }) => field),
    ...(declared?.key === undefined ? {} : { key: declared.key }),
  };
  return { schema, isIdentity, select: (relation) => selectOf(schema, casts, relation) };
}

function selectOf(schema: TableSchema, casts: readonly string[], relation: string): string {
  const items = schema.fields.map((f, i) => `${casts[i]} AS ${quoteName(f.name)}`);
  const inner = `SELECT ${items.join(', ')} FROM ${relation}`;
  if (schema.fields.every((f) => isStoredAsIs(f.type))) return inner;
  const stored = schema.fields.map((f) => `${toStored(quoteName(f.name), f.type)} AS ${quoteName(f.name)}`);
  return `SELECT ${stored.join(', ')} FROM (${inner})`;
}

// DuckDB would write these to Parquet as floating point.
function isConvertedBySelf(column: ActualColumn): boolean {
  return column.nativeType !== undefined && /HUGEINT|\[\d+\]/.test(column.nativeType);
}

function toOwnField(column: ActualColumn): { column: ActualColumn; field: Field } {
  const { name, type, nativeType, nullable = true } = column;
  return { column, field: { name, type, nullable, ...(nativeType === undefined ? {} : { nativeType }) } };
}

function match(actual: readonly ActualColumn[], declared: TableSchema) {
  const byName = new Map(actual.map((c) => [c.name.toLowerCase(), c]));
  const known = new Set(declared.fields.map((f) => f.name.toLowerCase()));
  const missing = declared.fields.filter((f) => !byName.has(f.name.toLowerCase())).map((f) => f.name);
  const extra = actual.map((c) => c.name).filter((name) => !known.has(name.toLowerCase()));
  if (missing.length > 0 || extra.length > 0) {
    throw errors.VP_DUCKDB_SCHEMA_COLUMNS(
      { missing, extra, actual: actual.map((c) => c.name) },
      { details: { missing, extra } },
    );
  }
  return declared.fields.flatMap((field) => {
    const column = byName.get(field.name.toLowerCase());
    return column === undefined ? [] : [{ column, field }];
  });
}

/** The statistics of a written file count NULLs of plain columns; of nested ones only their leaves'. */
function needsNullGuard(field: Field): boolean {
  return !field.nullable && ['list', 'struct', 'map', 'interval'].includes(field.type.kind);
}

export function refuseDuplicates(columns: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase())) throw errors.VP_DUCKDB_COLUMN_DUPLICATE({ name });
    seen.add(name.toLowerCase());
  }
}

/** Those of `schema` that are named, in the order of the names. @throws VpError with a did-you-mean */
export function pickFields(schema: TableSchema, columns: readonly string[] | undefined): readonly Field[] {
  if (columns === undefined) return schema.fields;
  return columns.map((name) => {
    const found =
      schema.fields.find((f) => f.name === name) ??
      schema.fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    const known = schema.fields.map((f) => f.name);
    throw errors.VP_DUCKDB_COLUMN_UNKNOWN(
      { name, known, excerpt: '' },
      { details: { hint: didYouMean(name, known) } },
    );
  });
}
