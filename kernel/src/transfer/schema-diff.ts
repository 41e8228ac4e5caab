import { type Field, type SchemaChange, sameType, type TableSchema } from '@vp/contracts';

/**
 * What has to change in `there` for rows of `wanted` to fit. Columns are told apart by name; a rename
 * cannot be seen here and shows as one column removed and one added. A column that only the
 * table has, and that may be NULL, is no difference: rows without it fit.
 */
export function schemaDiff(there: TableSchema, wanted: TableSchema): readonly SchemaChange[] {
  const old = new Map(there.fields.map((field) => [field.name, field]));
  const names = new Set(wanted.fields.map((field) => field.name));
  return [
    ...wanted.fields.flatMap((field) => columnDiff(old.get(field.name), field)),
    ...there.fields
      .filter((field) => !names.has(field.name) && !field.nullable)
      .map((column): SchemaChange => ({ kind: 'column.removed', column })),
  ];
}

function columnDiff(there: Field | undefined, wanted: Field): readonly SchemaChange[] {
  if (there === undefined) return [{ kind: 'column.added', column: wanted }];
  const { name: column } = wanted;
  return [
    ...(sameType(there.type, wanted.type)
      ? []
      : [{ kind: 'column.retyped', column, from: there.type, to: wanted.type } as const]),
    ...(wanted.nullable && !there.nullable
      ? [{ kind: 'column.nullable', column, nullable: true } as const]
      : []),
  ];
}
