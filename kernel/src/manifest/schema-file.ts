import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { describeThrown, isVpError, type JsonSchema } from '@vp/contracts';
import { errors } from './errors.ts';
import { parseJson } from './json-text.ts';

/** A manifest's `config` or `options`: the schema itself, read from the package when it is a path. */
export function resolveSchema(init: {
  readonly schema: string | JsonSchema;
  /** Folder of the package. */
  readonly directory: string;
  readonly plugin: string;
}): JsonSchema {
  const { schema, directory, plugin } = init;
  if (typeof schema !== 'string') return schema;
  const file = join(directory, schema);
  const context = { plugin, phase: 'configure', at: { file } };
  const inside = relative(directory, file);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    const reason = 'it lies outside the package.';
    throw errors.VP_MANIFEST_SCHEMA_FILE({ path: schema, plugin, reason }, context);
  }
  let value: unknown;
  try {
    value = parseJson(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (isVpError(error)) throw error;
    const reason = describeThrown(error);
    throw errors.VP_MANIFEST_SCHEMA_FILE({ path: schema, plugin, reason }, { ...context, cause: error });
  }
  if (!isObject(value)) {
    const reason = 'it is JSON, but not an object.';
    throw errors.VP_MANIFEST_SCHEMA_FILE({ path: schema, plugin, reason }, context);
  }
  return value;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
