import { documentMessage, isSignedBy, type KillList, type RegistryKey } from '@vp/contracts/registry';
import { errors } from './errors.ts';
import { believedKeys } from './registry-keys.ts';

/**
 * Checks a list of withdrawn versions: signed by a trusted key of the registry, and no older than
 * the one that was seen last. An old key signs none once it is expired: the list says nothing of its age.
 */
export function verifyKillList(request: {
  readonly list: KillList;
  readonly registry: string;
  readonly keys: readonly RegistryKey[];
  /** What vp.lock trusts of this registry; empty on the first contact. */
  readonly pinned: readonly RegistryKey[];
  /** Number of the list that was seen last. */
  readonly lastSerial?: number | undefined;
  readonly now: Date;
}): RegistryKey {
  const { list, registry, keys, pinned, lastSerial, now } = request;
  const { keyid, sig } = list.signature;
  const wrong = (why: string) => errors.VP_TRUST_KILL_LIST_WRONG({ registry, key: keyid, why });

  const key = believedKeys({ offered: keys, pinned }).find((each) => each.keyid === keyid);
  if (key === undefined) throw wrong('is not one that this deployment trusts');
  if (!isSignedBy({ key, message: documentMessage(list), sig })) throw wrong('did not sign these entries');
  if (key.expires !== null && Date.parse(key.expires) <= now.getTime())
    throw wrong(`expired on ${key.expires}`);
  if (lastSerial !== undefined && list.serial < lastSerial)
    throw errors.VP_TRUST_KILL_LIST_REPLAYED({ registry, serial: list.serial, last: lastSerial });
  return key;
}
