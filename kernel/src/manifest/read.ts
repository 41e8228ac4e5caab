import { readFileSync } from 'node:fs';
import { describeThrown, type JsonSchema, suggest, type VpError, type VpErrorInit } from '@vp/contracts';
import { type PluginPackage, pluginPackageSchema } from '@vp/contracts/manifest';
import * as z from 'zod';
import { jsonPointer, type SchemaFault, schemaFaults } from '../json-schema/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { errors } from './errors.ts';
import { createLocator, parseJson } from './json-text.ts';

/** A manifest that was read, or everything that is wrong with it. */
export type ManifestResult =
  | { readonly ok: true; readonly package: PluginPackage }
  | { readonly ok: false; readonly errors: readonly [VpError, ...VpError[]] };

/**
 * Reads a plugin's package.json as the file that it is: not through `exports`, which may hide it,
 * and without running any of its code. Synchronous: a hundred small files take a few milliseconds.
 */
export function readManifest(init: { readonly file: string; readonly plugin: string }): ManifestResult {
  const { file, plugin } = init;
  const context = { plugin, phase: 'discover' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = describeThrown(error);
    return fail(errors.VP_MANIFEST_UNREADABLE({ file, reason }, { ...context, at: { file }, cause: error }));
  }
  return parseManifest({ text, file, plugin });
}

/** As {@link readManifest}, for a text that is at hand. */
export function parseManifest(init: {
  readonly text: string;
  readonly file: string;
  readonly plugin: string;
}): ManifestResult {
  const { text, file, plugin } = init;
  const context = { plugin, phase: 'discover' };
  let value: unknown;
  try {
    value = parseJson(text, file);
  } catch (error) {
    return fail(
      fromThrown(error, context, (reason, where) => errors.VP_MANIFEST_UNREADABLE({ file, reason }, where)),
    );
  }
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length > 0 && !keys.includes('vp')) {
    const near = suggest('vp', keys);
    const suggestion = near === undefined ? '' : `did you write "${near}" for "vp"?`;
    return fail(
      errors.VP_MANIFEST_NO_PLUGIN(
        { name: plugin, file, suggestion },
        { ...context, at: { file, pointer: '' } },
      ),
    );
  }
  const result = pluginPackageSchema.safeParse(value);
  if (result.success) return { ok: true, package: result.data };
  const locate = createLocator(text, file);
  const found = schemaFaults(result.error.issues, { value, schema: packageJsonSchema() }).map((fault) =>
    toError(fault, { file, context: { ...context, at: locate(fault.path) } }),
  );
  const [first, ...others] = found;
  if (first === undefined) throw new TypeError('a manifest that is refused must have an issue');
  return fail(first, ...others);
}

function fail(first: VpError, ...others: readonly VpError[]): ManifestResult {
  return { ok: false, errors: [first, ...others] };
}

function toError(
  { kind, path, problem, suggestion }: SchemaFault,
  {
    file,
    context,
  }: { readonly file: string; readonly context: Pick<VpErrorInit, 'plugin' | 'phase' | 'at'> },
): VpError {
  if (kind === 'unknown-key') {
    const within = jsonPointer(path.slice(0, -1));
    return errors.VP_MANIFEST_UNKNOWN_KEY({ key: path.at(-1) ?? '', within, file, suggestion }, context);
  }
  const pointer = jsonPointer(path) || 'the document';
  return errors.VP_MANIFEST_INVALID({ pointer, file, problem, suggestion }, context);
}

/** Of a whole package.json. Only asked when something is wrong with one. */
function packageJsonSchema(): JsonSchema {
  schema ??= z.toJSONSchema(pluginPackageSchema);
  return schema;
}

let schema: JsonSchema | undefined;
