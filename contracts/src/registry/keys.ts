import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import type { Json } from '../core/json.ts';
import { canonicalJson } from './hashes.ts';

/** A signature: which key made it, and the ECDSA signature of the message in base64 (DER). */
export const signatureSchema = z.strictObject({ keyid: z.string(), sig: z.string() });

/**
 * A public key of a registry, in npm's format (`GET /-/npm/v1/keys`), with who vouches for it: a
 * key that came by rotation is endorsed by the key before it, so that a client that trusts the old
 * one may trust the new one.
 */
export const registryKeySchema = z.looseObject({
  /** `SHA256:` and the base64 SHA-256 of the key's DER bytes. */
  keyid: z.string(),
  keytype: z.literal('ecdsa-sha2-nistp256'),
  scheme: z.literal('ecdsa-sha2-nistp256'),
  /** SubjectPublicKeyInfo, DER, base64. */
  key: z.string(),
  /** ISO 8601. What was published later is not signed by it; `null` while it is in use. */
  expires: z.string().nullable(),
  /** Signature of {@link endorsedMessage} by an older key; none on a registry's first key. */
  endorsement: signatureSchema.optional(),
});

export type RegistrySignature = z.infer<typeof signatureSchema>;
export type RegistryKey = z.infer<typeof registryKeySchema>;

/** What a registry signs of a published version: npm's format, source: npm docs "ECDSA registry signatures". */
export function signedMessage(version: {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}): string {
  return `${version.name}@${version.version}:${version.integrity}`;
}

/** What an older key signs to vouch for a newer one. */
export const endorsedMessage = (key: Pick<RegistryKey, 'keyid' | 'key'>): string =>
  `vp-registry-key:${key.keyid}:${key.key}`;

/** What is signed of a JSON document: everything but its own `signature`, canonically. */
export function documentMessage(document: { readonly [key: string]: Json | undefined }): string {
  const { signature: _, ...rest } = document;
  return canonicalJson(rest as Json);
}

/** The id of a key, from its DER bytes in base64. */
export function keyId(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')}`;
}

/** Whether `sig` is `key`'s signature of `message`. A key that cannot be read verifies nothing. */
export function isSignedBy(request: {
  readonly key: Pick<RegistryKey, 'key'>;
  readonly message: string;
  readonly sig: string;
}): boolean {
  const { key, message, sig } = request;
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key.key, 'base64'), format: 'der', type: 'spki' });
    return verify('sha256', Buffer.from(message), publicKey, Buffer.from(sig, 'base64'));
  } catch {
    // Bytes that are no key, or no signature of this kind of key.
    return false;
  }
}

/**
 * The keys among `offered` that may be trusted by somebody who trusts `trusted` (key ids): those
 * themselves, and each that one of them endorses, directly or through others.
 */
export function trustedKeys(
  offered: readonly RegistryKey[],
  trusted: readonly string[],
): readonly RegistryKey[] {
  const honest = offered.filter((key) => keyId(key.key) === key.keyid);
  const found = new Map(honest.filter(({ keyid }) => trusted.includes(keyid)).map((key) => [key.keyid, key]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const key of honest) {
      if (found.has(key.keyid) || key.endorsement === undefined) continue;
      const by = found.get(key.endorsement.keyid);
      if (by === undefined) continue;
      if (!isSignedBy({ key: by, message: endorsedMessage(key), sig: key.endorsement.sig })) continue;
      found.set(key.keyid, key);
      grew = true;
    }
  }
  return [...found.values()];
}
