import { didYouMean, type JsonSchema, suggest } from '@vp/contracts';
import * as z from 'zod';

/** A place where a value does not fit its schema. */
export interface SchemaProblem {
  /** JSON pointer into the value; `''` is the value itself. */
  readonly pointer: string;
  readonly message: string;
  /** `Did you mean "path"?`, or `''`. */
  readonly suggestion: string;
}

/** What a value is after its schema's defaults were filled in, or why it does not fit. */
export type SchemaOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

const compiled = new WeakMap<JsonSchema, z.ZodType>();

/**
 * Looks whether `value` fits a plugin's JSON Schema. An object schema that lists `properties` and
 * does not speak of others is taken as closed: an unknown key is a typo until the plugin says otherwise.
 *
 * @throws when `schema` is not a usable JSON Schema
 */
export function checkAgainstSchema(schema: JsonSchema, value: unknown): SchemaOutcome {
  let type = compiled.get(schema);
  if (type === undefined) {
    type = z.fromJSONSchema(closed(schema) as Parameters<typeof z.fromJSONSchema>[0]);
    compiled.set(schema, type);
  }
  const result = type.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, value, [])),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function closed(schema: JsonSchema): JsonSchema {
  const copy: Record<string, unknown> = { ...schema };
  const { properties } = schema;
  if (isObject(properties)) {
    copy.properties = Object.fromEntries(
      Object.entries(properties).map(([key, child]) => [key, isObject(child) ? closed(child) : child]),
    );
    const isOpen = ['additionalProperties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref'].some(
      (keyword) => keyword in schema,
    );
    if (!isOpen) copy.additionalProperties = false;
  }
  if (isObject(schema.items)) copy.items = closed(schema.items);
  return copy;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  schema: JsonSchema,
  value: unknown,
  base: readonly PropertyKey[],
): readonly SchemaProblem[] {
  const path = [...base, ...issue.path];
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${key}`,
      message: `there is no key "${key}"`,
      suggestion: didYouMean(key, known),
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flatMap((branch) => branch.flatMap((i) => problemsOf(i, schema, value, path)));
    const deeper = inner.filter((problem) => problem.pointer !== pointer);
    if (deeper.length > 0) return [deeper[0] ?? { pointer, message: issue.message, suggestion: '' }];
    return [{ pointer, message: [...new Set(inner.map((p) => p.message))].join(', or '), suggestion: '' }];
  }
  const got = valueAt(value, path);
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    const near = typeof got === 'string' ? suggest(got, choices) : undefined;
    return [
      {
        pointer,
        message: `${JSON.stringify(got) ?? 'nothing'} is not one of ${choices.map((c) => `"${c}"`).join(', ')}`,
        suggestion: near === undefined ? '' : `Did you mean "${near}"?`,
      },
    ];
  }
  if (issue.code === 'invalid_type' && got === undefined) {
    return [{ pointer, message: `is missing (${issue.expected})`, suggestion: '' }];
  }
  return [{ pointer, message: issue.message.replace(/^Invalid input: /, ''), suggestion: '' }];
}

function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const part of path) {
    if (!isObject(at)) return [];
    const { properties } = at;
    at = isObject(properties) && typeof part === 'string' ? properties[part] : at.items;
  }
  return isObject(at) && isObject(at.properties) ? Object.keys(at.properties) : [];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}
