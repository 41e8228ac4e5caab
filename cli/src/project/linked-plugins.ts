import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import { errors } from './errors.ts';

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const file = join(project, devFile);
    throw errors.VP_PROJECT_LINKS({ file, reason: describeThrown(error) }, { at: { file }, cause: error });
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
