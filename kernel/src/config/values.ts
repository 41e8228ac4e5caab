import { errors } from './errors.ts';
import { type ConfigPath, formatKey } from './path.ts';

/** A table of configuration before it is validated: tables, arrays, scalars, `RawText`. */
export type ConfigTable = { readonly [key: string]: unknown };

/** A value that came as text (variable, flag): its type is known only when its schema is. */
export interface RawText {
  readonly $$type: '@vp/raw-text';
  readonly text: string;
}

export const rawText = (text: string): RawText => ({ $$type: '@vp/raw-text', text });

export function isRawText(value: unknown): value is RawText {
  return typeof value === 'object' && value !== null && '$$type' in value && value.$$type === '@vp/raw-text';
}

export function isTable(value: unknown): value is ConfigTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !isRawText(value)
  );
}

/** Parsed TOML as JSON values: dates as their text, integers as numbers where they fit. */
export function plainValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

export function valueAt(table: unknown, path: ConfigPath): unknown {
  let value = table;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isTable(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** Tables merge key by key; anything else of a later layer replaces what was there. */
export function mergeTables(tables: readonly ConfigTable[]): ConfigTable {
  const merged = new Map<string, unknown>();
  for (const table of tables) {
    for (const [key, value] of Object.entries(table)) {
      const before = merged.get(key);
      merged.set(key, isTable(value) && isTable(before) ? mergeTables([before, value]) : value);
    }
  }
  return Object.fromEntries(merged);
}

/** `table` with `value` at `path`. */
export function withValue(table: ConfigTable, path: ConfigPath, value: unknown): ConfigTable {
  const [key, ...rest] = path;
  if (key === undefined) return table;
  if (key === '__proto__')
    throw errors.VP_CONFIG_BAD_KEY({ key: formatKey(path), problem: 'no key has that name' });
  const inner = Object.hasOwn(table, key) ? table[key] : undefined;
  return { ...table, [key]: rest.length === 0 ? value : withValue(isTable(inner) ? inner : {}, rest, value) };
}

/** Paths of everything that is no table; empty tables too. */
export function leaves(value: unknown, path: ConfigPath = []): ConfigPath[] {
  if (!isTable(value)) return [path];
  const entries = Object.entries(value);
  if (entries.length === 0) return path.length === 0 ? [] : [path];
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
