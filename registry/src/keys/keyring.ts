import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  endorsedMessage,
  keyId,
  type RegistryKey,
  type RegistrySignature,
  registryKeySchema,
} from '@vp/contracts/registry';
import * as z from 'zod';
import { errorCode, writeDurable } from '../store/durable.ts';

/** The signing keys of a registry: one in use, and those before it. */
export interface Keyring {
  /** As they are served, newest first. */
  keys(): readonly RegistryKey[];
  /** With the key in use. */
  sign(message: string): RegistrySignature;
  /** Makes a new key, endorsed by the one in use, which from then on signs nothing more. */
  rotate(now: Date): Promise<RegistryKey>;
}

const stored = registryKeySchema.extend({
  /** PKCS #8, PEM. Erased when the key is rotated out. */
  privateKey: z.string().optional(),
});
const fileSchema = z.object({ keys: z.array(stored).min(1) });
type StoredKey = z.infer<typeof stored>;

/** Opens the keys of a data folder, and makes the first one. */
export async function openKeyring(file: string): Promise<Keyring> {
  const read = await readKeys(file);
  let keys: readonly StoredKey[] = read ?? [makeKey()];
  const save = (next: readonly StoredKey[]) =>
    writeDurable(file, `${JSON.stringify({ keys: next }, undefined, 2)}\n`, { mode: 0o600 });
  if (read === undefined) await save(keys);

  const current = () => {
    const key = keys.find((each) => each.privateKey !== undefined);
    if (key?.privateKey === undefined) throw new TypeError(`${file} has no key that can sign`);
    return { keyid: key.keyid, privateKey: key.privateKey };
  };
  const signBy = (message: string): RegistrySignature => {
    const { keyid, privateKey } = current();
    return {
      keyid,
      sig: sign('sha256', Buffer.from(message), createPrivateKey(privateKey)).toString('base64'),
    };
  };
  return {
    keys: () => keys.map(({ privateKey: _, ...key }) => key),
    sign: signBy,
    async rotate(now) {
      const fresh = makeKey();
      const next = { ...fresh, endorsement: signBy(endorsedMessage(fresh)) };
      const retired = keys.map(({ privateKey: _, ...key }) => ({
        ...key,
        expires: key.expires ?? now.toISOString(),
      }));
      await save([next, ...retired]);
      keys = [next, ...retired];
      const { privateKey: _, ...key } = next;
      return key;
    },
  };
}

async function readKeys(file: string): Promise<readonly StoredKey[] | undefined> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).keys;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeKey(): StoredKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return {
    keyid: keyId(key),
    keytype: 'ecdsa-sha2-nistp256',
    scheme: 'ecdsa-sha2-nistp256',
    key,
    expires: null,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
