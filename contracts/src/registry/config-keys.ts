import type { JsonSchema } from '../core/json.ts';

/** One key of a configuration, as a table shows it. */
export interface ConfigKey {
  /** With dots where objects stand in objects: `pool.size`. */
  readonly key: string;
  /** `string`, `one of "a", "b"`, `list of string` */
  readonly type: string;
  readonly required: boolean;
  /** As JSON. */
  readonly default?: string | undefined;
  readonly description: string;
}

type Schema = Readonly<Record<string, unknown>>;

// A schema is a stranger's text: what is deeper or longer than any person would read is left out.
const deepest = 4;
const deepestType = 3;
const mostKeys = 200;
const mostWays = 7;

/**
 * The keys that a JSON Schema of an object describes.
 *
 * @example
 * ```ts
 * import { configKeys } from '@vp/contracts/registry';
 * configKeys({ properties: { port: { type: 'integer', default: 5432 } } })[0]?.type; // 'integer'
 * ```
 */
export function configKeys(schema: JsonSchema): readonly ConfigKey[] {
  const keys: ConfigKey[] = [];
  for (const key of keysOf({ schema, root: schema, prefix: '', depth: 0 })) {
    keys.push(key);
    if (keys.length === mostKeys) break;
  }
  return keys;
}

interface At {
  readonly schema: Schema;
  readonly root: Schema;
  readonly prefix: string;
  readonly depth: number;
}

// One by one: of a schema that refers to itself in many places, only as much is walked as is shown.
function* keysOf({ schema, root, prefix, depth }: At): Generator<ConfigKey, void, undefined> {
  const resolved = resolve(schema, root);
  const required = new Set(list(resolved.required));
  for (const [name, value] of Object.entries(object(resolved.properties))) {
    const each = resolve(object(value), root);
    const key = `${prefix}${name}`;
    yield {
      key,
      type: typeOf(each, root),
      required: required.has(name),
      default: each.default === undefined ? undefined : JSON.stringify(each.default),
      description: text(each.description) ?? text(each.title) ?? '',
    };
    if (depth < deepest) yield* keysOf({ schema: each, root, prefix: `${key}.`, depth: depth + 1 });
  }
}

function typeOf(schema: Schema, root: Schema, depth = 0): string {
  if (depth >= deepestType) return 'any';
  const inner = (value: unknown) => typeOf(resolve(object(value), root), root, depth + 1);
  const values = 'const' in schema ? [schema.const] : list(schema.enum);
  if (values.length > 0) {
    const shown = values.slice(0, 20).map((value) => JSON.stringify(value));
    return `${shown.length > 1 ? 'one of ' : ''}${shown.join(', ')}${values.length > 20 ? ', …' : ''}`;
  }
  const ways = [...list(schema.anyOf), ...list(schema.oneOf)];
  if (ways.length > 0) return [...new Set(ways.slice(0, mostWays).map(inner))].join(' or ');
  const types = Array.isArray(schema.type) ? list(schema.type) : [schema.type];
  return types
    .slice(0, mostWays)
    .map((type) => {
      if (type === 'array') return `list of ${schema.items === undefined ? 'any' : inner(schema.items)}`;
      return text(type) ?? (schema.properties === undefined ? 'any' : 'object');
    })
    .join(' or ');
}

/** Follows `#/$defs/x`; a circle ends in the empty schema. */
function resolve(schema: Schema, root: Schema, hops = 0): Schema {
  const reference = text(schema.$ref);
  if (reference === undefined) return schema;
  if (!reference.startsWith('#/') || hops > deepest) return {};
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => object(at)[part.replaceAll('~1', '/').replaceAll('~0', '~')], root);
  return { ...resolve(object(target), root, hops + 1), ...without(schema, '$ref') };
}

const without = (schema: Schema, key: string): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key));

const object = (value: unknown): Schema => (isObject(value) ? value : {});

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
