import { describeThrown, type JsonSchema } from '@vp/contracts';
import * as z from 'zod';
import { errors } from './errors.ts';
import { type SchemaFault, schemaFaults } from './faults.ts';
import { isObject } from './walk.ts';

/** What a value is after its schema's defaults were filled in, or why it does not fit. */
export type SchemaOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly SchemaFault[] };

const compiled = new WeakMap<JsonSchema, z.ZodType>();

/**
 * Holds `value` against a plugin's JSON Schema. An object that lists `properties` and does not speak
 * of others has no others, neither has the value itself: an unknown key is a typo until the plugin
 * says otherwise.
 *
 * @throws VpError `VP_SCHEMA_UNUSABLE`
 */
export function checkAgainstSchema(init: {
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** Whose schema it is, for people: `engine.duckdb`. */
  readonly of: string;
  readonly plugin?: string | undefined;
}): SchemaOutcome {
  const { schema, value, of, plugin } = init;
  let type = compiled.get(schema);
  if (type === undefined) {
    try {
      const root = isOpen(schema) ? schema : { type: 'object', properties: {}, ...schema };
      type = z.fromJSONSchema({ ...closed(root) });
    } catch (cause) {
      throw errors.VP_SCHEMA_UNUSABLE({ of, problem: describeThrown(cause) }, { plugin, cause });
    }
    compiled.set(schema, type);
  }
  const result = type.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, faults: schemaFaults(result.error.issues, { schema, value }) };
}

/** Whether a schema speaks of further keys. */
function isOpen(schema: JsonSchema): boolean {
  return ['additionalProperties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref'].some(
    (keyword) => keyword in schema,
  );
}

function closed(schema: JsonSchema): JsonSchema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, inner]) => [key, isObject(inner) ? closed(inner) : inner]),
          ),
          ...(isOpen(schema) ? {} : { additionalProperties: false }),
        }
      : {}),
    ...(isObject(items) ? { items: closed(items) } : {}),
  };
}
