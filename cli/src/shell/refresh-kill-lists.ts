import { isVpError, type VpError } from '@vp/contracts';
import type { KillLists, Lock } from '@vp/contracts/registry';
import { readKillLists, writeKillLists } from '@vp/kernel';

/** Longer than that no registry is waited for: a start may be waiting. */
const withinMs = 5_000;

export interface RefreshedList {
  readonly registry: string;
  /** When it last answered, ISO 8601; never when left out. */
  readonly checked?: string;
  /** How many versions it has withdrawn; `undefined` when it keeps no list. */
  readonly withdrawn?: number;
  readonly error?: VpError;
}

/** Asks the registries of a lock for their lists, checks them and keeps them. What one says no more stays. */
export async function refreshKillLists(request: {
  readonly dir: string;
  readonly lock: Lock;
  readonly signal: AbortSignal;
}): Promise<readonly RefreshedList[]> {
  const { dir, lock, signal } = request;
  const { createRegistryClient, npmOptions, verifyKillList } = await import('@vp/installer');
  const options = await npmOptions({ projectDir: dir });
  const client = createRegistryClient({ options, signal, within: withinMs });
  const before = known(dir);
  const now = new Date();
  const answers = await Promise.all(
    Object.entries(lock.registries).map(async ([registry, { keys: pinned }]) => {
      const entry = before.registries[registry];
      try {
        const list = await client.killList(registry);
        if (list === undefined) return { registry, entry: { checked: now.toISOString() } };
        const keys = await client.keys(registry);
        verifyKillList({ list, registry, keys, pinned, lastSerial: entry?.list?.serial, now });
        return { registry, entry: { checked: now.toISOString(), list } };
      } catch (error) {
        if (!isVpError(error)) throw error;
        return { registry, entry, error };
      }
    }),
  );
  const registries = Object.fromEntries(
    answers.flatMap(({ registry, entry }) => (entry === undefined ? [] : [[registry, entry]])),
  );
  const { offline, ...rest } = before;
  // Whoever answers can be reached: this is no deployment without a route any more.
  const isOffline = offline === true && answers.every(({ error }) => error !== undefined);
  writeKillLists(dir, {
    ...rest,
    ...(isOffline ? { offline } : {}),
    registries: { ...before.registries, ...registries },
  });
  return answers.map(({ registry, entry, error }) => ({
    registry,
    ...(entry === undefined ? {} : { checked: entry.checked }),
    ...(entry !== undefined && 'list' in entry && entry.list !== undefined
      ? { withdrawn: entry.list.entries.length }
      : {}),
    ...(error === undefined ? {} : { error }),
  }));
}

/** A file that cannot be read is replaced by what the registries say now. */
function known(dir: string): KillLists {
  try {
    return readKillLists(dir);
  } catch (error) {
    if (isVpError(error)) return { format: 1, registries: {} };
    throw error;
  }
}
