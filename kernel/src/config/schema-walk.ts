import type { JsonSchema } from '@vp/contracts';
import type { ConfigPath } from './path.ts';
import { type ConfigTable, isRawText, isTable } from './values.ts';

/** The alternatives of a schema: itself, or the branches of `anyOf`, `oneOf`, `allOf`, local `$ref`. */
function branches(schema: unknown, root: JsonSchema, depth = 0): JsonSchema[] {
  if (!isTable(schema) || depth > 16) return [];
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const target = typeof schema.$ref === 'string' ? resolveRef(schema.$ref, root) : undefined;
  return [schema, ...[...inner, target].flatMap((branch) => branches(branch, root, depth + 1))];
}

function resolveRef(ref: string, root: JsonSchema): unknown {
  if (!ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean)) {
    if (!isTable(at)) return undefined;
    at = at[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

/** The schemas that may hold for the value at `path`. */
function schemasAt(root: JsonSchema, path: ConfigPath): JsonSchema[] {
  let here = branches(root, root);
  for (const key of path) {
    here = here.flatMap((schema) => {
      const named =
        isTable(schema.properties) && Object.hasOwn(schema.properties, key)
          ? schema.properties[key]
          : undefined;
      const next = named ?? (schema.type === 'array' ? schema.items : schema.additionalProperties);
      return branches(next, root);
    });
  }
  return here;
}

/** Keys that may stand in the table at `path`. */
export function keysAt(root: JsonSchema, path: ConfigPath): string[] {
  const keys = schemasAt(root, path).flatMap((s) => (isTable(s.properties) ? Object.keys(s.properties) : []));
  return [...new Set(keys)];
}

/** The allowed literals of the value at `path`, when it is an enumeration. */
export function literalsAt(root: JsonSchema, path: ConfigPath): string[] {
  return schemasAt(root, path)
    .flatMap((s) => (Array.isArray(s.enum) ? s.enum : 'const' in s ? [s.const] : []))
    .filter((value) => typeof value === 'string');
}

/** The defaults of all keys at and beneath `path`, as a table. */
export function defaultsOf(root: JsonSchema, path: ConfigPath = []): ConfigTable {
  // A schema that refers to itself has no end.
  if (path.length > 8) return {};
  const entries = keysAt(root, path).flatMap((key) => {
    const inner = [...path, key];
    const found = schemasAt(root, inner).find((s) => 'default' in s);
    if (found !== undefined) return [[key, found.default]];
    const table = defaultsOf(root, inner);
    return Object.keys(table).length === 0 ? [] : [[key, table]];
  });
  return Object.fromEntries(entries);
}

/** What the schema says about the value at `path`, for people. */
export function descriptionAt(root: JsonSchema, path: ConfigPath): string {
  const found = schemasAt(root, path).find((s) => typeof s.description === 'string');
  return typeof found?.description === 'string' ? found.description : '';
}

/** JSON types that are allowed at `path`. */
export function typesAt(root: JsonSchema, path: ConfigPath): Set<string> {
  const types = schemasAt(root, path).flatMap((s) => {
    if (Array.isArray(s.type)) return s.type.map(String);
    if (typeof s.type === 'string') return [s.type];
    if ('const' in s) return [typeof s.const];
    return Array.isArray(s.enum) ? s.enum.map((value) => typeof value) : [];
  });
  return new Set(types);
}

/** `value` with every `RawText` replaced by what its place in the schema says it is. */
export function typed(value: unknown, root: JsonSchema, path: ConfigPath = []): unknown {
  if (isRawText(value)) return parseText(value.text, typesAt(root, path));
  if (Array.isArray(value)) return value.map((inner, index) => typed(inner, root, [...path, String(index)]));
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, typed(inner, root, [...path, key])]),
  );
}

/** What does not read as one of `types` stays text, so that validation says what was expected. */
function parseText(text: string, types: ReadonlySet<string>): unknown {
  const trimmed = text.trim();
  if (types.has('boolean') && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  const isNumber = /^[+-]?(\d[\d_]*)(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed);
  if ((types.has('number') || types.has('integer')) && isNumber) return Number(trimmed.replaceAll('_', ''));
  const looksLikeJson =
    (types.has('array') && trimmed.startsWith('[')) || (types.has('object') && trimmed.startsWith('{'));
  if (looksLikeJson) {
    const json = tryJson(trimmed);
    if (json !== undefined) return json;
  }
  if (types.has('array') && !types.has('string'))
    return trimmed === '' ? [] : trimmed.split(',').map((part) => part.trim());
  return text;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the text itself goes on to validation, whose error names the key and its place.
    return undefined;
  }
}
