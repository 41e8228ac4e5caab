import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { describeThrown, isVpError } from '@vp/contracts';
import { type TreeFile, treeHash } from '@vp/contracts/registry';
import { extract, type Header } from 'tar-stream';
import { errors } from '../errors.ts';

export interface PackedFile extends TreeFile {
  /** Bytes. */
  readonly size: number;
}

/** What is in a package's tarball. Nothing of it was written anywhere. */
export interface PackedPackage {
  /** `weather-1.0.0.tgz`: for what is said about it. */
  readonly file: string;
  /** Paths are relative to the package. */
  readonly files: readonly PackedFile[];
  readonly tree: string;
  /** Bytes. */
  readonly unpackedSize: number;
  has(path: string): boolean;
  /** Of `*.json` and of readmes; nothing of other files. */
  text(path: string): string | undefined;
}

interface Limits {
  readonly maxUnpackedBytes: number;
  readonly maxFiles: number;
}

const keepsText = (path: string) => /\.json$/i.test(path) || /^readme/i.test(path);
/** Of one entry, with a long name and padding. */
const headerBytes = 2_048;
const maxTextBytes = 8 * 1024 * 1024;

/** Reads a tarball and refuses every entry that could land outside its package, or on top of another. */
export async function readTarball(request: {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly limits: Limits;
}): Promise<PackedPackage> {
  const { bytes, file, limits } = request;
  const fail = (problem: string) => errors.VP_REGISTRY_TARBALL({ file, problem });
  const tooMuch = () => fail(`it unpacks to more than ${limits.maxUnpackedBytes} bytes`);
  const files: PackedFile[] = [];
  const texts = new Map<string, string>();
  let unpackedSize = 0;
  const tar = extract();
  const gunzip = createGunzip();
  // An error of one stream ends the others, and comes out of the loop below.
  gunzip.on('error', (error) => tar.destroy(error));
  // Also what is no file counts: padding, headers, and what comes after the end.
  let expanded = 0;
  gunzip.on('data', (chunk: Buffer) => {
    expanded += chunk.length;
    if (expanded > limits.maxUnpackedBytes + headerBytes * (limits.maxFiles + 1)) tar.destroy(tooMuch());
  });
  Readable.from([bytes]).pipe(gunzip).pipe(tar);
  try {
    for await (const entry of tar) {
      const path = entryPath(entry.header, fail);
      if (files.length === limits.maxFiles) throw fail(`it has more than ${limits.maxFiles} files`);
      const hash = createHash('sha256');
      const kept: Buffer[] = [];
      let size = 0;
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        size += chunk.length;
        unpackedSize += chunk.length;
        if (unpackedSize > limits.maxUnpackedBytes) throw tooMuch();
        hash.update(chunk);
        if (path !== undefined && keepsText(path)) {
          if (size > maxTextBytes) throw fail(`${path} is larger than ${maxTextBytes} bytes`);
          kept.push(chunk);
        }
      }
      if (path === undefined) continue;
      files.push({ path, size, sha256: hash.digest('hex') });
      if (keepsText(path)) texts.set(path, Buffer.concat(kept).toString('utf8'));
    }
  } catch (error) {
    if (isVpError(error)) throw error;
    throw errors.VP_REGISTRY_TARBALL(
      { file, problem: `it cannot be read: ${describeThrown(error)}` },
      { cause: error },
    );
  } finally {
    gunzip.destroy();
    tar.destroy();
  }
  refuseCollisions(files, fail);
  const paths = new Set(files.map(({ path }) => path));
  return {
    file,
    files,
    tree: treeHash(files),
    unpackedSize,
    has: (path) => paths.has(path),
    text: (path) => texts.get(path),
  };
}

type Fail = (problem: string) => Error;

/** The entry's path within the package; `undefined` for a folder. */
function entryPath(header: Header, fail: Fail): string | undefined {
  const { name, type } = header;
  const shown = JSON.stringify(name);
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory')
    throw fail(`${shown} is a ${type}; a package has plain files only`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\:\u0000-\u001f\u007f]/.test(name)) throw fail(`${shown} has a character that no path should have`);
  if (name.startsWith('/')) throw fail(`${shown} is an absolute path`);
  const [top, ...segments] = name.replace(/\/$/, '').split('/');
  if (segments.some((each) => each === '..' || each === '.' || each === '') || top === '..')
    throw fail(`${shown} leads out of the package`);
  if (top !== 'package') throw fail(`${shown} is not beneath package/`);
  if (type === 'directory') return undefined;
  if (segments.length === 0) throw fail(`${shown} is a file where the package's folder should be`);
  if (segments.includes('node_modules'))
    throw fail(`${shown} brings a package of others along; name it in "dependencies" instead`);
  return segments.join('/');
}

/** Paths that are one file on some machines: told apart by case or by how an accent is written, or a file that is a folder too. */
function refuseCollisions(files: readonly PackedFile[], fail: Fail): void {
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  const fold = (path: string) => path.normalize('NFC').toLowerCase();
  for (const { path } of files) {
    const other = seen.get(fold(path));
    if (other === path) throw fail(`${path} is in it twice`);
    if (other !== undefined) throw fail(`${other} and ${path} are the same file on some machines`);
    seen.set(fold(path), path);
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      const known = folders.get(fold(folder)) ?? folder;
      if (known !== folder) throw fail(`${known}/ and ${folder}/ are the same folder on some machines`);
      folders.set(fold(folder), folder);
    }
  }
  for (const [folded, path] of seen) {
    if (folders.has(folded)) throw fail(`${path} is a file and a folder`);
  }
}
