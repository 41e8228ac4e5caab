import { hash } from 'node:crypto';
import { mkdirSync, writeFile } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeThrown, type VpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import { inLanes } from './in-lanes.ts';

/** A file of a tarball. */
export interface PackedFile {
  /** Relative to the package. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly executable: boolean;
}

/** More than that unpacked is no plugin: somebody wants to fill the disk. */
const largest = 2 ** 29;

/**
 * The files of a package's tarball. Everything is looked at before anything is written: a path that
 * leaves the package is refused always; links are refused in plugins, and left out elsewhere, as npm does.
 *
 * @throws VpError `VP_INSTALL_TARBALL`
 */
export async function unpack(
  tarball: Buffer,
  about: { readonly package: string; readonly plugin: boolean },
): Promise<readonly PackedFile[]> {
  const { extract } = await import('tar-stream');
  const files = new Map<string, PackedFile>();
  const refuse = (entry: string, why: string): VpError =>
    errors.VP_INSTALL_TARBALL({ package: about.package, entry, why });
  const reader = extract();
  try {
    const unzipped = isGzip(tarball)
      ? await promisify(gunzip)(tarball, { maxOutputLength: largest })
      : tarball;
    Readable.from([unzipped]).pipe(reader);
    for await (const entry of reader) {
      const { name, type = 'file', mode = 0 } = entry.header;
      if (String(type) === 'directory' || String(type) === 'pax-global-header') {
        entry.resume();
        continue;
      }
      const problem = pathProblem(name);
      if (problem !== undefined) throw refuse(name, problem);
      const parts = name.split('/').filter((part) => part !== '' && part !== '.');
      const path = parts.slice(1).join('/');
      if (type !== 'file' && type !== 'contiguous-file') {
        if (about.plugin) throw refuse(name, `is a ${type}, not a file`);
        entry.resume();
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      if (path !== '')
        files.set(path, { path, bytes: Buffer.concat(chunks), executable: (mode & 0o111) !== 0 });
    }
  } catch (error) {
    if (Object(error).code === 'VP_INSTALL_TARBALL') throw error;
    throw errors.VP_INSTALL_TARBALL(
      { package: about.package, entry: 'it', why: `cannot be unpacked: ${describeThrown(error)}` },
      { cause: error },
    );
  }
  for (const path of files.keys()) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      if (files.has(folder)) throw refuse(path, `lies in ${folder}, which is a file`);
  }
  if (!files.has('package.json')) throw refuse('package.json', 'is missing');
  return [...files.values()];
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

function pathProblem(name: string): string | undefined {
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'is an absolute path';
  if (name.split(/[/\\]/).includes('..')) return 'leads out of the package';
  if (/[\0\\]/.test(name)) return 'is no path that every system has';
  return undefined;
}

/** A file as it was written. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** Files that are written at a time: more than Node.js has threads for it. */
const pens = 8;

/** Writes files into a folder that nobody else writes to. */
export async function writeFiles(
  directory: string,
  files: readonly PackedFile[],
): Promise<readonly WrittenFile[]> {
  for (const folder of new Set(files.map(({ path }) => dirname(path))))
    mkdirSync(join(directory, folder), { recursive: true });
  await inLanes(files, pens, ({ path, bytes, executable }) =>
    write(join(directory, path), bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 }),
  );
  return files.map(({ path, bytes }) => ({ path, sha256: hash('sha256', bytes, 'hex'), size: bytes.length }));
}

// Half as costly as the one of node:fs/promises.
const write = promisify(writeFile);
