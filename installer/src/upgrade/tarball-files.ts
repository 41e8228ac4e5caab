import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** More than a schema, a README or a package.json ever is. */
const largestFile = 4 * 1024 * 1024;
const largestPackage = 1024 * 1024 * 1024;

/**
 * Files of a package out of its tarball, by their path in the package; those that are not there, or are too large to
 * be what they should be, are left out. Nothing is written anywhere.
 */
export async function tarballFiles(
  tarball: Buffer,
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const { extract } = await import('tar-stream');
  const found = new Map<string, string>();
  const tar = extract();
  const gunzip = createGunzip();
  // An error of one stream ends the other, and comes out of the loop below.
  gunzip.on('error', (error) => tar.destroy(error));
  Readable.from([tarball]).pipe(gunzip).pipe(tar);
  let size = 0;
  try {
    for await (const entry of tar) {
      const { header } = entry;
      const path = header.name.split('/').slice(1).join('/');
      const take = header.type === 'file' && header.size <= largestFile && wanted(path);
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > largestPackage) throw new RangeError(`it unpacks to more than ${largestPackage} bytes`);
        if (take) chunks.push(chunk);
      }
      if (take) found.set(path, Buffer.concat(chunks).toString('utf8'));
    }
  } finally {
    gunzip.destroy();
    tar.destroy();
  }
  return found;
}
