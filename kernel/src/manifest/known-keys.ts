import type { JsonSchema } from '@vp/contracts';
import { manifestJsonSchema } from '@vp/contracts/manifest';

let schema: JsonSchema | undefined;

/** Keys that the manifest format knows at a path below `vp`. Only asked when one is unknown. */
export function manifestKeysAt(path: readonly PropertyKey[]): readonly string[] {
  schema ??= manifestJsonSchema();
  return keysAt(schema, path);
}

function keysAt(root: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  let at: readonly unknown[] = alternatives(root, root);
  for (const part of path) {
    at = at.flatMap((schema) => alternatives(root, step(schema, part)));
  }
  return [...new Set(at.flatMap((schema) => Object.keys(member(schema, 'properties') ?? {})))];
}

function step(schema: unknown, part: PropertyKey): unknown {
  if (typeof part === 'number') return member(schema, 'items');
  return member(member(schema, 'properties'), String(part)) ?? member(schema, 'additionalProperties');
}

/** The schema itself and the branches of its unions, references followed. */
function alternatives(root: JsonSchema, schema: unknown): readonly unknown[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const reference = member(schema, '$ref');
  if (typeof reference === 'string' && reference.startsWith('#/')) {
    const target = reference.slice(2).split('/').reduce<unknown>(member, root);
    return alternatives(root, target);
  }
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const list = member(schema, key);
    return Array.isArray(list) ? list : [];
  });
  return [schema, ...branches.flatMap((branch) => alternatives(root, branch))];
}

function member(value: unknown, key: string): object | string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return (typeof found === 'object' && found !== null) || typeof found === 'string' ? found : undefined;
}
