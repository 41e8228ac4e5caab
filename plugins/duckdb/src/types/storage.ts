import type { LogicalType } from '@vp/plugin-sdk';
import { createCounter } from '../counter.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { toDuckType } from './duck-type.ts';

/**
 * DuckDB's Parquet writer keeps most types; these it would change or cut: intervals lose microseconds,
 * enums and nanosecond times come back as text, TIMESTAMP_S and _MS as TIMESTAMP. Files hold a form
 * that keeps the value, and reading a snapshot brings the type back.
 */
export function isStoredAsIs(type: LogicalType): boolean {
  switch (type.kind) {
    case 'interval':
    case 'enum':
      return false;
    case 'time':
      return type.unit !== 'ns';
    case 'timestamp':
      return type.tz !== undefined || type.unit === 'us' || type.unit === 'ns';
    case 'list':
      return isStoredAsIs(type.item.type);
    case 'map':
      return isStoredAsIs(type.key) && isStoredAsIs(type.value.type);
    case 'struct':
      return type.fields.every((f) => isStoredAsIs(f.type));
    default:
      return true;
  }
}

/** An expression of `type` in the form that files hold. */
export function toStored(expression: string, type: LogicalType): string {
  if (isStoredAsIs(type)) return expression;
  return rebuild(expression, type, (x, leaf) => {
    if (leaf.kind === 'timestamp') return `CAST(${x} AS TIMESTAMP)`;
    if (leaf.kind !== 'interval') return `CAST(${x} AS VARCHAR)`;
    const months = `datepart('year', ${x}) * 12 + datepart('month', ${x})`;
    const micros = `datepart('hour', ${x}) * 3600000000 + datepart('minute', ${x}) * 60000000 + datepart('microseconds', ${x})`;
    const parts = `{'months': (${months})::INTEGER, 'days': datepart('day', ${x})::INTEGER, 'micros': ${micros}}`;
    return `CASE WHEN ${x} IS NULL THEN NULL ELSE ${parts} END`;
  });
}

/** The inverse of {@link toStored}. */
export function fromStored(expression: string, type: LogicalType, column: string): string {
  if (isStoredAsIs(type)) return expression;
  return rebuild(expression, type, (x, leaf) => {
    if (leaf.kind !== 'interval') return `CAST(${x} AS ${toDuckType(leaf, column)})`;
    return `(to_months(${x}.months) + to_days(${x}.days) + to_microseconds(${x}.micros))`;
  });
}

const nextName = createCounter();

function rebuild(x: string, type: LogicalType, leaf: (x: string, type: LogicalType) => string): string {
  if (isStoredAsIs(type)) return x;
  switch (type.kind) {
    case 'list': {
      const item = `x${nextName()}`;
      return `list_transform(${x}, lambda ${item}: ${rebuild(item, type.item.type, leaf)})`;
    }
    case 'map': {
      const entry = `x${nextName()}`;
      const key = rebuild(`${entry}.key`, type.key, leaf);
      const value = rebuild(`${entry}.value`, type.value.type, leaf);
      return `map_from_entries(list_transform(map_entries(${x}), lambda ${entry}: {'key': ${key}, 'value': ${value}}))`;
    }
    case 'struct': {
      const members = type.fields.map(
        (f) => `${quoteText(f.name)}: ${rebuild(`${x}.${quoteName(f.name)}`, f.type, leaf)}`,
      );
      return `CASE WHEN ${x} IS NULL THEN NULL ELSE {${members.join(', ')}} END`;
    }
    default:
      return leaf(x, type);
  }
}
