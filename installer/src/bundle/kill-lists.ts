import { isVpError, type VpError } from '@vp/contracts';
import type { KillLists, Lock } from '@vp/contracts/registry';
import { readKillLists, writeKillLists } from '@vp/kernel';
import { verifyKillList } from '../trust/index.ts';
import type { Bundle } from './open.ts';

/**
 * Takes over what a bundle knows of withdrawn versions, and that there is nobody to ask for more. A list that is
 * older than the one that was seen last changes nothing: a bundle may have been on its way for long.
 * Gives back what was wrong with lists that are not taken over.
 */
export function keepKillLists(request: {
  readonly projectDir: string;
  readonly bundle: Bundle;
  /** The lock as it was before the bundle: whose keys are trusted. */
  readonly pinned: Lock['registries'];
  readonly now: Date;
}): readonly VpError[] {
  const { projectDir, bundle, pinned, now } = request;
  const known = readKillLists(projectDir);
  const faults: VpError[] = [];
  const checked = now.toISOString();
  const registries: Record<string, KillLists['registries'][string]> = { ...known.registries };
  for (const [registry, list] of Object.entries(bundle.killLists)) {
    const last = known.registries[registry]?.list;
    if (last !== undefined && last.serial >= list.serial) continue;
    const keys = bundle.lock.registries[registry]?.keys ?? [];
    try {
      verifyKillList({ list, registry, keys, pinned: pinned[registry]?.keys ?? [], now });
    } catch (error) {
      if (!isVpError(error)) throw error;
      // Its key has expired since, or is not trusted here: what was seen last stays in force.
      faults.push(error);
      continue;
    }
    registries[registry] = { checked, list };
  }
  writeKillLists(projectDir, { ...known, offline: true, registries });
  return faults;
}
