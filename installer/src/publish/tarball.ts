import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { PackedFile } from './packed-files.ts';

// The moment that npm gives to every file of a package.
const mtime = new Date('1985-10-26T08:15:00.000Z');

/** The tarball of a package: the same bytes for the same files, whenever and by whomever it is made. */
export async function tarballOf(files: readonly PackedFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, bytes, executable } of files) {
    archive.entry({ name: `package/${path}`, mtime, mode: executable ? 0o755 : 0o644 }, Buffer.from(bytes));
  }
  archive.finalize();
  const tarball = await promisify(gzip)(await buffer(archive), { level: 9 });
  // The header names the operating system of whoever compressed; 255 is "unknown".
  tarball[9] = 255;
  return tarball;
}
