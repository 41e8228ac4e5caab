import { createHash } from 'node:crypto';
import * as z from 'zod';
import { errors } from '../errors.ts';

export interface Digests {
  /** `sha512-<base64>` */
  readonly integrity: string;
  /** SHA-1 in hex: npm's older field. */
  readonly shasum: string;
}

export function digestsOf(bytes: Uint8Array): Digests {
  return {
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
}

const said = z.looseObject({ integrity: z.string().optional(), shasum: z.string().optional() });

/** Refuses a tarball whose bytes are not those that the client read. */
export function checkDigests(request: {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** `dist` of the version's metadata. */
  readonly dist: unknown;
}): Digests {
  const { file, bytes, dist } = request;
  const is = digestsOf(bytes);
  const parsed = said.safeParse(dist);
  const { integrity, shasum } = parsed.success ? parsed.data : {};
  const sha512 = integrity?.split(/\s+/).find((each) => each.startsWith('sha512-'));
  if (sha512 === undefined && shasum === undefined)
    throw errors.VP_REGISTRY_BAD_REQUEST({
      problem: 'dist says neither integrity (sha512) nor shasum of the tarball',
    });
  if (sha512 !== undefined && sha512 !== is.integrity)
    throw errors.VP_REGISTRY_DIGEST({ file, algorithm: 'sha512', says: sha512, is: is.integrity });
  if (shasum !== undefined && shasum !== is.shasum)
    throw errors.VP_REGISTRY_DIGEST({ file, algorithm: 'sha1', says: shasum, is: is.shasum });
  return is;
}
