import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `vp plugins dev` notes the plugins that it has linked, relative to the project. */
export const devFile = '.vp/plugins/dev.json';

/** Folders of plugins under development, by their keys in `[plugins]`. */
export function linkedPlugins(project: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(join(project, devFile), 'utf8');
  } catch {
    // The usual case: nothing is linked.
    return {};
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
