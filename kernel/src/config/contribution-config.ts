import { describeThrown, type JsonSchema } from '@vp/contracts';
import * as z from 'zod';
import { errors } from './errors.ts';
import { configErrors, location } from './issues.ts';
import { asVariable } from './layers.ts';
import { type ConfigPath, formatKey } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { typed } from './schema-walk.ts';
import { type ConfigTable, isTable, mergeTables, valueAt } from './values.ts';

export interface ContributionConfigInit {
  readonly config: ResolvedConfig;
  /** `['engine', 'duckdb']` or `['connections', 'shop']`. */
  readonly path: ConfigPath;
  /** The manifest's `config`; nothing may be configured without one. */
  readonly schema?: JsonSchema | undefined;
  /** Package name, for faults of the schema itself. */
  readonly plugin?: string;
}

/**
 * The configuration of one contribution or connection: validated against its schema, texts of
 * variables and flags read as the types that it states, defaults filled in. Secret references are
 * still references.
 */
export function contributionConfig(init: ContributionConfigInit): ConfigTable {
  const { config, path, plugin } = init;
  const values = sectionAt(config, path);
  const key = formatKey(path);
  if (init.schema === undefined) {
    const [first] = Object.keys(values);
    if (first === undefined) return {};
    const place = config.place([...path, first]);
    const keys = formatKey([first]);
    throw errors.VP_CONFIG_NOT_CONFIGURABLE({ key, place: place.text, keys }, { at: location(place) });
  }
  const schema = closed(init.schema);
  const checked = typed(values, schema);
  const result = validator(init.schema, schema, key, plugin).safeParse(checked);
  if (result.success) return isTable(result.data) ? result.data : {};
  const context = { values: checked, schema, base: path, place: config.place };
  const [first] = configErrors(result.error.issues, context);
  throw first ?? errors.VP_CONFIG_PLUGIN_SCHEMA({ key, problem: result.error.message }, { plugin });
}

/** A variable cannot spell `my-plugin`: what it wrote under `my_plugin` belongs here too. */
function sectionAt(config: ResolvedConfig, path: ConfigPath): ConfigTable {
  const around = valueAt(config.merged, path.slice(0, -1));
  const id = path.at(-1) ?? '';
  const sameName = isTable(around)
    ? Object.keys(around).filter((key) => key !== id && key === asVariable(id).toLowerCase())
    : [];
  const parts = [id, ...sameName].map((key) => valueAt(around, [key])).filter(isTable);
  const merged = mergeTables(parts);
  if (path[0] !== 'connections') return merged;
  const { use: _, ...options } = merged;
  return options;
}

/** A schema that says nothing about further keys allows none: a typo must not pass. */
function closed(schema: JsonSchema): JsonSchema {
  const isOpen = ['additionalProperties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref'].some(
    (key) => key in schema,
  );
  return isOpen ? schema : { type: 'object', ...schema, additionalProperties: false };
}

const validators = new WeakMap<JsonSchema, z.ZodType>();

function validator(
  original: JsonSchema,
  schema: JsonSchema,
  key: string,
  plugin: string | undefined,
): z.ZodType {
  const known = validators.get(original);
  if (known !== undefined) return known;
  try {
    const made = z.fromJSONSchema({ ...schema });
    validators.set(original, made);
    return made;
  } catch (cause) {
    throw errors.VP_CONFIG_PLUGIN_SCHEMA({ key, problem: describeThrown(cause) }, { plugin, cause });
  }
}
