import type { VpError } from '@vp/contracts';
import {
  endorsedMessage,
  isSignedBy,
  keyId,
  type RegistryKey,
  type RegistrySignature,
  signedMessage,
} from '@vp/contracts/registry';
import { errors } from './errors.ts';
import { believedKeys, inUseAt, knownKeys } from './registry-keys.ts';

/** A version as a registry offers it, with what is known of the registry's keys. */
export interface SignedVersion {
  readonly name: string;
  readonly version: string;
  /** `sha512-<base64>` of the tarball. */
  readonly integrity: string | undefined;
  readonly signatures: readonly RegistrySignature[] | undefined;
  /** When it was published, ISO 8601, where the registry says so. */
  readonly published?: string | undefined;
  /** Base URL, for the words of an error. */
  readonly registry: string;
  /** What the registry serves at `/-/npm/v1/keys`. */
  readonly keys: readonly RegistryKey[];
  /** What vp.lock trusts of this registry; empty on the first contact. */
  readonly pinned: readonly RegistryKey[];
}

export interface VerifiedSignature {
  /** The signature that holds, and the key that made it. */
  readonly signature: RegistrySignature;
  readonly key: RegistryKey;
  /** What vp.lock trusts of this registry from now on. */
  readonly trusted: readonly RegistryKey[];
}

/**
 * Checks that a registry signed a version with a key that may be trusted. Says which, or fails with
 * what is wrong with the signature that came nearest.
 */
export function verifySignature(offer: SignedVersion): VerifiedSignature {
  const { name, version, integrity, registry, signatures = [] } = offer;
  const about = { package: `${name}@${version}`, registry };
  if (integrity === undefined || !integrity.startsWith('sha512-')) throw errors.VP_TRUST_NO_INTEGRITY(about);
  if (signatures.length === 0) throw errors.VP_TRUST_UNSIGNED(about);
  if (offer.keys.length === 0 && offer.pinned.length === 0) throw errors.VP_TRUST_NO_KEYS(about);

  const trusted = believedKeys({ offered: offer.keys, pinned: offer.pinned });
  const message = signedMessage({ name, version, integrity });
  const faults: VpError[] = [];
  for (const signature of signatures) {
    const key = trusted.find(({ keyid }) => keyid === signature.keyid);
    if (key === undefined) faults.push(distrusted(offer, signature.keyid));
    else if (!isSignedBy({ key, message, sig: signature.sig }))
      faults.push(errors.VP_TRUST_WRONG_SIGNATURE({ ...about, key: key.keyid, integrity }));
    else if (!inUseAt(key, offer.published))
      faults.push(
        errors.VP_TRUST_KEY_EXPIRED({
          ...about,
          key: key.keyid,
          expired: key.expires ?? '',
          published: offer.published ?? 'at an unknown time',
        }),
      );
    else return { signature, key, trusted };
  }
  throw faults.toSorted((a, b) => gravity.indexOf(a.code) - gravity.indexOf(b.code))[0];
}

/** Which of several faults tells most, that first. */
const gravity: readonly string[] = [
  'VP_TRUST_WRONG_SIGNATURE',
  'VP_TRUST_KEY_EXPIRED',
  'VP_TRUST_ENDORSEMENT_FORGED',
  'VP_TRUST_KEY_MALFORMED',
  'VP_TRUST_KEY_NOT_ENDORSED',
  'VP_TRUST_KEY_UNKNOWN',
];

/** Why a key is not among the trusted ones. */
function distrusted(offer: SignedVersion, id: string): VpError {
  const { name, version, registry, keys, pinned } = offer;
  const about = { package: `${name}@${version}`, registry, key: id };
  const known = knownKeys({ offered: keys, pinned });
  const key = known.find(({ keyid }) => keyid === id);
  if (key === undefined)
    return errors.VP_TRUST_KEY_UNKNOWN({ ...about, known: known.map(({ keyid }) => keyid) });
  const actual = keyId(key.key);
  if (actual !== id) return errors.VP_TRUST_KEY_MALFORMED({ ...about, actual });
  const { endorsement } = key;
  const by = known.find(({ keyid }) => keyid === endorsement?.keyid);
  if (endorsement !== undefined && by !== undefined) {
    const honest = isSignedBy({ key: by, message: endorsedMessage(key), sig: endorsement.sig });
    if (!honest) return errors.VP_TRUST_ENDORSEMENT_FORGED({ ...about, by: by.keyid });
  }
  return errors.VP_TRUST_KEY_NOT_ENDORSED({ ...about, pinned: pinned.map(({ keyid }) => keyid) });
}
