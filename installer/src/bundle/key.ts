import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import { keyId } from '@vp/contracts/registry';
import { errors } from './errors.ts';
import type { BundleSignature } from './format.ts';

/** A key that signs bundles. */
export interface BundleKey {
  readonly keyid: string;
  readonly file: string;
  /** Whether it was made just now. */
  readonly isNew: boolean;
  sign(contents: Buffer): BundleSignature;
}

/** Where the key of this user lies. */
export function bundleKeyFile(env: NodeJS.ProcessEnv = process.env): string {
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(config, 'vp', 'bundle-key');
}

/**
 * The key in a file, made on first use and readable by its owner alone. Ed25519: the same contents have the same
 * signature, so a bundle has the same bytes whenever it is made.
 */
export async function bundleKey(file: string): Promise<BundleKey> {
  const problem = (text: string, cause?: unknown) =>
    errors.VP_BUNDLE_KEY({ file, problem: text }, cause === undefined ? {} : { cause });
  const found = await existing(file, problem);
  const secret = found ?? (await made(file, problem));
  if (secret.asymmetricKeyType !== 'ed25519') throw problem('it is no Ed25519 key');
  const key = createPublicKey(secret).export({ format: 'der', type: 'spki' }).toString('base64');
  const keyid = keyId(key);
  return {
    keyid,
    file,
    isNew: found === undefined,
    sign: (contents) => ({
      keyid,
      keytype: 'ed25519',
      key,
      sig: sign(null, contents, secret).toString('base64'),
    }),
  };
}

/** Whether a signature is that of its own key over the contents. Whose key that is says the caller. */
export function isSignedContents(contents: Buffer, { keyid, key, sig }: BundleSignature): boolean {
  if (keyId(key) !== keyid) return false;
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return (
      publicKey.asymmetricKeyType === 'ed25519' &&
      verify(null, contents, publicKey, Buffer.from(sig, 'base64'))
    );
  } catch {
    // Bytes that are no key.
    return false;
  }
}

type Problem = (text: string, cause?: unknown) => Error;

async function existing(file: string, problem: Problem): Promise<KeyObject | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw problem(`others may read it (mode ${(mode & 0o777).toString(8)})`);
    return createPrivateKey(await readFile(file));
  } catch (error) {
    const code: unknown = Object(error).code;
    if (code === 'ENOENT') return undefined;
    if (code === 'VP_BUNDLE_KEY') throw error;
    throw problem(describeThrown(error), error);
  }
}

async function made(file: string, problem: Problem): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Never over a key that somebody else has just made.
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await handle.sync();
    await handle.close();
  } catch (error) {
    const theirs = Object(error).code === 'EEXIST' ? await existing(file, problem) : undefined;
    if (theirs !== undefined) return theirs;
    throw problem(describeThrown(error), error);
  }
  return privateKey;
}
