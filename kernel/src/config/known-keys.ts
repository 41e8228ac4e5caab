import type { JsonSchema } from '@vp/contracts';
import { keysAt } from '../json-schema/index.ts';
import type { ConfigPath } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { projectJsonSchema } from './schema.ts';
import { isTable, valueAt } from './values.ts';

/**
 * The configuration schema of the contribution whose section is `path`: `['engine', 'duckdb']` or
 * `['connections', 'shop']`. Whoever has read the manifests knows it.
 */
export type SectionSchema = (path: ConfigPath) => JsonSchema | undefined;

/** Keys that may stand at `path` in vp.toml: for completion and did-you-mean. */
export function knownKeys(
  config: Pick<ResolvedConfig, 'points' | 'merged'>,
  path: ConfigPath,
  schemaOf?: SectionSchema,
): string[] {
  const set = valueAt(config.merged, path);
  const section = sectionAt(config, path);
  const schema = section === undefined ? undefined : schemaOf?.(section);
  const known = [
    ...keysAt(projectJsonSchema(config.points), path),
    ...(schema === undefined ? [] : keysAt(schema, path.slice(2))),
  ];
  return [...new Set([...known, ...(isTable(set) ? Object.keys(set) : [])])];
}

/** The section of a contribution or connection that `path` lies in. */
export function sectionAt(config: Pick<ResolvedConfig, 'points'>, path: ConfigPath): ConfigPath | undefined {
  const [first = ''] = path;
  return path.length >= 2 && (first === 'connections' || config.points.includes(first))
    ? path.slice(0, 2)
    : undefined;
}
