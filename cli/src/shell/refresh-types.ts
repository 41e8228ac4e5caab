import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { typesFile, writePluginTypes } from './plugin-types.ts';

/** After the plugins changed: what source() and sink() may name, in a project that type-checks. */
export function refreshPluginTypes(project: string): void {
  const has = (name: string) => existsSync(join(project, name));
  if (has(typesFile) || has('tsconfig.json')) writePluginTypes(project);
}
