import type { ConfigPath } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { projectJsonSchema } from './schema.ts';
import { keysAt } from './schema-walk.ts';
import { isTable, valueAt } from './values.ts';

/** Keys that may stand at `path` in vp.toml: for completion and did-you-mean. */
export function knownKeys(config: Pick<ResolvedConfig, 'points' | 'merged'>, path: ConfigPath): string[] {
  const set = valueAt(config.merged, path);
  const known = keysAt(projectJsonSchema(config.points), path);
  return [...new Set([...known, ...(isTable(set) ? Object.keys(set) : [])])];
}
