import { type RegistryKey, trustedKeys } from '@vp/contracts/registry';

/**
 * The keys of a registry as far as they can be trusted: what vp.lock pins, and what those vouch for. Without
 * pinned keys, on the first contact, what the registry lists is believed.
 */
export function believedKeys(request: {
  readonly offered: readonly RegistryKey[];
  readonly pinned: readonly RegistryKey[];
}): readonly RegistryKey[] {
  const { offered, pinned } = request;
  const all = knownKeys(request);
  const roots = pinned.length === 0 ? offered : pinned;
  return trustedKeys(
    all,
    roots.map(({ keyid }) => keyid),
  );
}

/**
 * Pinned and offered keys as one list. A registry may drop an old key, and may end its time, and may not
 * prolong it: who stole an old key could sign with it again.
 */
export function knownKeys(request: {
  readonly offered: readonly RegistryKey[];
  readonly pinned: readonly RegistryKey[];
}): readonly RegistryKey[] {
  const byId = new Map(request.pinned.map((key) => [key.keyid, key]));
  for (const key of request.offered) {
    const pin = byId.get(key.keyid);
    byId.set(
      key.keyid,
      pin === undefined ? key : { ...key, ...pin, expires: earlier(pin.expires, key.expires) },
    );
  }
  return [...byId.values()];
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

/** Whether a key was still in use at a moment. An unknown moment, or one that cannot be read, is too late. */
export function inUseAt(key: RegistryKey, moment: string | undefined): boolean {
  if (key.expires === null) return true;
  return moment !== undefined && Date.parse(moment) <= Date.parse(key.expires);
}
