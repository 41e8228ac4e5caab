import { formatType, sameType, suggest, type TableSchema } from '@vp/contracts';

/** What differs between declared columns and those of the data, column by column. */
export function schemaProblems(declared: TableSchema, actual: TableSchema): readonly string[] {
  const found = new Map(actual.fields.map((field) => [field.name, field]));
  const wanted = new Set(declared.fields.map((field) => field.name));
  const problems: string[] = [];
  for (const field of declared.fields) {
    const other = found.get(field.name);
    if (other === undefined) {
      const near = suggest(field.name, found.keys());
      const guess = near === undefined || wanted.has(near) ? '' : `; the data has "${near}"`;
      problems.push(`column "${field.name}" (${formatType(field.type)}) is missing${guess}`);
    } else if (!sameType(field.type, other.type)) {
      problems.push(
        `column "${field.name}" is ${formatType(other.type)}, declared ${formatType(field.type)}`,
      );
    }
  }
  for (const field of actual.fields) {
    if (!wanted.has(field.name))
      problems.push(`column "${field.name}" (${formatType(field.type)}) is not declared`);
  }
  return problems;
}

/** What changed from one snapshot's columns to the next, for people. */
export function schemaChanges(before: TableSchema, after: TableSchema): readonly string[] {
  const old = new Map(before.fields.map((field) => [field.name, field]));
  const now = new Set(after.fields.map((field) => field.name));
  const changes: string[] = [];
  for (const field of after.fields) {
    const was = old.get(field.name);
    if (was === undefined) changes.push(`added ${field.name} ${formatType(field.type)}`);
    else if (!sameType(was.type, field.type)) {
      changes.push(`${field.name}: ${formatType(was.type)} -> ${formatType(field.type)}`);
    }
  }
  for (const field of before.fields) if (!now.has(field.name)) changes.push(`removed ${field.name}`);
  return changes;
}
