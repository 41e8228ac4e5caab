import type { JsonSchema } from '@vp/contracts';

type Path = readonly string[];
type Table = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The alternatives of a schema: itself, or the branches of `anyOf`, `oneOf`, `allOf`, local `$ref`. */
function branches(schema: unknown, root: JsonSchema, depth = 0): JsonSchema[] {
  if (!isObject(schema) || depth > 16) return [];
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const target = typeof schema.$ref === 'string' ? resolveRef(schema.$ref, root) : undefined;
  return [schema, ...[...inner, target].flatMap((branch) => branches(branch, root, depth + 1))];
}

function resolveRef(ref: string, root: JsonSchema): unknown {
  if (!ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean)) {
    if (!isObject(at)) return undefined;
    at = at[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

/** The schemas that may hold for the value at `path`. */
function schemasAt(root: JsonSchema, path: Path): JsonSchema[] {
  let here = branches(root, root);
  for (const key of path) {
    here = here.flatMap((schema) => {
      const named =
        isObject(schema.properties) && Object.hasOwn(schema.properties, key)
          ? schema.properties[key]
          : undefined;
      const next = named ?? (schema.type === 'array' ? schema.items : schema.additionalProperties);
      return branches(next, root);
    });
  }
  return here;
}

/** Keys that may stand in the object at `path`. */
export function keysAt(root: JsonSchema, path: Path): string[] {
  const keys = schemasAt(root, path).flatMap((s) =>
    isObject(s.properties) ? Object.keys(s.properties) : [],
  );
  return [...new Set(keys)];
}

/** The allowed literals of the value at `path`, when it is an enumeration. */
export function literalsAt(root: JsonSchema, path: Path): string[] {
  return schemasAt(root, path)
    .flatMap((s) => (Array.isArray(s.enum) ? s.enum : 'const' in s ? [s.const] : []))
    .filter((value) => typeof value === 'string');
}

/** The defaults of all keys at and beneath `path`, as an object. */
export function defaultsOf(root: JsonSchema, path: Path = []): Table {
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
export function descriptionAt(root: JsonSchema, path: Path): string {
  const found = schemasAt(root, path).find((s) => typeof s.description === 'string');
  return typeof found?.description === 'string' ? found.description : '';
}

/** JSON types that are allowed at `path`. */
export function typesAt(root: JsonSchema, path: Path): Set<string> {
  const types = schemasAt(root, path).flatMap((s) => {
    if (Array.isArray(s.type)) return s.type.map(String);
    if (typeof s.type === 'string') return [s.type];
    if ('const' in s) return [typeof s.const];
    return Array.isArray(s.enum) ? s.enum.map((value) => typeof value) : [];
  });
  return new Set(types);
}
