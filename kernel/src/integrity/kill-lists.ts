import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import {
  type KillListEntry,
  type KillLists,
  killListFile,
  killListsSchema,
  type Lock,
} from '@vp/contracts/registry';
import { isMissing } from '../support/files.ts';
import { errors } from './errors.ts';
import type { PackageVersion } from './policy.ts';

const none: KillLists = { format: 1, registries: {} };

/** What registries have withdrawn, as it was last seen. @throws VpError `VP_KILL_LIST_UNREADABLE` */
export function readKillLists(projectDir: string): KillLists {
  const file = join(projectDir, killListFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return none;
    throw errors.VP_KILL_LIST_UNREADABLE({ file, reason: `${describeThrown(error)}.` }, { cause: error });
  }
  try {
    return killListsSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = 'it is not what vp writes there.';
    throw errors.VP_KILL_LIST_UNREADABLE({ file, reason }, { at: { file }, cause: error });
  }
}

/**
 * Keeps lists for the next start, whole or not at all. Where no plugin was ever installed there is
 * nothing to keep them for.
 */
export function writeKillLists(projectDir: string, lists: KillLists): void {
  const file = join(projectDir, killListFile);
  if (!existsSync(dirname(file))) return;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(lists)}\n`);
  renameSync(draft, file);
}

/**
 * The entry that withdraws a version. A registry speaks for what came from it, and for no other's
 * packages; of a package that came from nowhere known, each may speak.
 */
export function withdrawn(
  lists: KillLists,
  version: PackageVersion & { readonly registry?: string | undefined },
): KillListEntry | undefined {
  for (const [registry, { list }] of Object.entries(lists.registries)) {
    if (version.registry !== undefined && version.registry !== registry) continue;
    const found = list?.entries.find(
      (entry) => entry.package === version.name && entry.version === version.version,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name and version of a package of a lock, and the registry that served it. */
export function lockedVersion(
  lock: Lock,
  place: string,
): (PackageVersion & { readonly registry: string }) | undefined {
  const entry = lock.packages[place];
  if (entry?.version === undefined) return undefined;
  const { resolved = '', name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length) } =
    entry as { readonly resolved?: string; readonly name?: string };
  const registry = Object.keys(lock.registries).find((url) => resolved.startsWith(url)) ?? '';
  return { name, version: entry.version, registry };
}
