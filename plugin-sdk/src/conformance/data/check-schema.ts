import { isDeepStrictEqual } from 'node:util';
import type { LogicalType, TableSchema } from '@vp/contracts';

/** What is wrong with a schema, or `undefined`. */
export function schemaProblem(schema: TableSchema): string | undefined {
  if (schema.fields.length === 0) return 'it has no columns';
  const names = new Set<string>();
  for (const field of schema.fields) {
    if (field.name === '') return 'a column has no name';
    if (names.has(field.name)) return `column ${field.name} stands twice`;
    names.add(field.name);
    const problem = typeProblem(field.type);
    if (problem !== undefined) return `column ${field.name}: ${problem}`;
  }
  const stray = schema.key?.find((name) => !names.has(name));
  if (stray !== undefined) return `key column ${stray} is no column`;
  return isDeepStrictEqual(schema, JSON.parse(JSON.stringify(schema))) ? undefined : 'it is not plain JSON';
}

function typeProblem(type: LogicalType): string | undefined {
  switch (type.kind) {
    case 'decimal':
      return type.precision >= 1 && type.scale >= 0 && type.scale <= type.precision
        ? undefined
        : `decimal(${type.precision},${type.scale}) is no decimal type`;
    case 'list':
      return typeProblem(type.item.type);
    case 'map':
      return typeProblem(type.key) ?? typeProblem(type.value.type);
    case 'struct': {
      if (new Set(type.fields.map((f) => f.name)).size < type.fields.length)
        return 'a struct member stands twice';
      return type.fields.map((f) => typeProblem(f.type)).find((p) => p !== undefined);
    }
    case 'enum':
      return type.values.length > 0 ? undefined : 'an enum has no values';
    default:
      return undefined;
  }
}
