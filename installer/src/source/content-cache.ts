import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A tarball of npm's cache, where content lies by its hash (cacache, content-v2). Read as the file that it
 * is: npm's own reader takes longer to import than a plugin to install. What does not fit its hash is not there.
 */
export function cachedTarball(cache: string, integrity: string | undefined): Buffer | undefined {
  const digest = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '')?.[1];
  if (digest === undefined) return undefined;
  const hex = Buffer.from(digest, 'base64').toString('hex');
  try {
    const file = join(cache, 'content-v2', 'sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
    const bytes = readFileSync(file);
    return hash('sha512', bytes, 'base64') === digest ? bytes : undefined;
  } catch {
    // Not in the cache, or not for us to read: it is asked for again.
    return undefined;
  }
}
