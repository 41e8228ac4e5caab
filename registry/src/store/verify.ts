import { readFile } from 'node:fs/promises';
import { isSignedBy, signedMessage } from '@vp/contracts/registry';
import { digestsOf } from '../gate/digests.ts';
import type { RegistryState } from '../state.ts';
import { tarballFile, type VersionDocument } from './document.ts';
import { errorCode } from './durable.ts';

export interface Damage {
  /** `@acme/weather@1.2.0` */
  readonly what: string;
  readonly problem: string;
}

/** Hashes every published tarball and checks every signature: what is no longer what was published. */
export async function verifyStore({
  store,
  keyring,
}: Pick<RegistryState, 'store' | 'keyring'>): Promise<Damage[]> {
  const damaged: Damage[] = [];
  for (const name of await store.names()) {
    const document = await store.read(name);
    for (const version of Object.values(document?.versions ?? {})) {
      const problem =
        signatureProblem(version, keyring.keys()) ??
        (await tarballProblem(store.tarballPath(name, tarballFile(name, version.version)), version));
      if (problem !== undefined) damaged.push({ what: `${name}@${version.version}`, problem });
    }
  }
  return damaged;
}

function signatureProblem(
  { name, version, dist }: VersionDocument,
  keys: ReturnType<RegistryState['keyring']['keys']>,
): string | undefined {
  const message = signedMessage({ name, version, integrity: dist.integrity });
  const good = dist.signatures.some(({ keyid, sig }) => {
    const key = keys.find((each) => each.keyid === keyid);
    return key !== undefined && isSignedBy({ key, message, sig });
  });
  return good ? undefined : 'its signature does not fit its document';
}

async function tarballProblem(file: string, { dist }: VersionDocument): Promise<string | undefined> {
  try {
    const { integrity } = digestsOf(await readFile(file));
    return integrity === dist.integrity ? undefined : 'its tarball has other bytes than were published';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'its tarball is gone';
    throw error;
  }
}
