import { type Field, type LogicalType, sameType, type TableSchema } from '@vp/plugin-sdk';
import type { DescribedFiles } from './file-set.ts';

/**
 * The files, read as the asset declares them: text says nothing about its types, so what the asset
 * says is better than a guess. Types that the files hold themselves (Parquet, folders) and those of
 * the `columns` option stay.
 */
export function asDeclared(set: DescribedFiles, declared: TableSchema | undefined): DescribedFiles {
  if (declared === undefined || set.format === 'parquet') return set;
  const wanted = new Map(declared.fields.map((f) => [f.name, f]));
  const folders = new Set(set.hive.map((f) => f.name));
  const fields = set.schema.fields.map((field): Field => {
    const other = wanted.get(field.name);
    if (other === undefined || folders.has(field.name)) return field;
    const isOurs = set.options.columns?.[field.name] === undefined && isReadable(field.type, other.type);
    return {
      ...field,
      ...(isOurs ? { type: other.type } : {}),
      ...(other.tags === undefined ? {} : { tags: other.tags }),
    };
  });
  return { ...set, schema: { ...set.schema, fields } };
}

const nested: ReadonlySet<LogicalType['kind']> = new Set(['list', 'struct', 'map', 'enum']);

/** Nested values have no form as text but JSON's, which the files describe themselves. */
function isReadable(found: LogicalType, declared: LogicalType): boolean {
  return !nested.has(found.kind) && !nested.has(declared.kind) && !sameType(found, declared);
}
