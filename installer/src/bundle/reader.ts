import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { describeThrown } from '@vp/contracts';
import { errors } from './errors.ts';
import { blockSize, padded, readTarHeader } from './tar.ts';

interface Member {
  readonly at: number;
  readonly size: number;
}

/** An archive whose members can be read in any order. It stays open: what was checked is what is read. */
export interface ArchiveReader extends AsyncDisposable {
  readonly file: string;
  readonly members: ReadonlyMap<string, Member>;
  read(name: string): Promise<Buffer>;
  /** SHA-256 of a member in hex, however large it is. */
  sha256(name: string): Promise<string>;
}

const chunkSize = 1024 * 1024;

/** Reads where each member is. @throws VpError `VP_BUNDLE_NOT_FOUND`, `VP_BUNDLE_NOT_ONE`, `VP_BUNDLE_TRUNCATED` */
export async function openArchive(file: string): Promise<ArchiveReader> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const problem = Object(error).code === 'ENOENT' ? 'there is no such file' : describeThrown(error);
    throw errors.VP_BUNDLE_NOT_FOUND({ file, problem }, { cause: error });
  }
  try {
    const members = await scan(handle, file);
    const member = (name: string): Member => {
      const found = members.get(name);
      if (found === undefined) throw errors.VP_BUNDLE_TAMPERED({ file, part: name, problem: 'is not in it' });
      return found;
    };
    return {
      file,
      members,
      read: (name) => readAt(handle, member(name)),
      async sha256(name) {
        const { at, size } = member(name);
        const hash = createHash('sha256');
        for (let from = 0; from < size; from += chunkSize)
          hash.update(await readAt(handle, { at: at + from, size: Math.min(chunkSize, size - from) }));
        return hash.digest('hex');
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function scan(handle: FileHandle, file: string): Promise<ReadonlyMap<string, Member>> {
  const { size: end } = await handle.stat();
  const truncated = (problem: string) => errors.VP_BUNDLE_TRUNCATED({ file, problem });
  const members = new Map<string, Member>();
  for (let at = 0; ; ) {
    if (at + blockSize > end) {
      if (members.size === 0) throw errors.VP_BUNDLE_NOT_ONE({ file, problem: 'it is too short' });
      throw truncated('it ends before its last entry');
    }
    const header = readTarHeader(await readAt(handle, { at, size: blockSize }));
    if (header === undefined) {
      if (members.size === 0) throw errors.VP_BUNDLE_NOT_ONE({ file, problem: 'it has no entries' });
      if (end < at + 2 * blockSize) throw truncated('it ends before its last block');
      const rest = await readAt(handle, { at, size: Math.min(end - at, 3 * blockSize) });
      if (end !== at + 2 * blockSize || !isEmpty(rest))
        throw errors.VP_BUNDLE_TAMPERED({ file, part: 'after its last entry', problem: 'there is more' });
      return members;
    }
    if (typeof header === 'string') {
      if (members.size === 0) throw errors.VP_BUNDLE_NOT_ONE({ file, problem: header });
      throw errors.VP_BUNDLE_TAMPERED({
        file,
        part: `after ${[...members.keys()].at(-1)},`,
        problem: header,
      });
    }
    const { name, size } = header;
    if (members.has(name)) throw errors.VP_BUNDLE_TAMPERED({ file, part: name, problem: 'is in it twice' });
    members.set(name, { at: at + blockSize, size });
    const next = at + blockSize + padded(size);
    if (next > end) throw truncated(`it ends within ${name}`);
    const filling = await readAt(handle, { at: at + blockSize + size, size: padded(size) - size });
    if (!isEmpty(filling))
      throw errors.VP_BUNDLE_TAMPERED({ file, part: name, problem: 'has something behind it' });
    at = next;
  }
}

const isEmpty = (bytes: Buffer) => bytes.every((byte) => byte === 0);

async function readAt(handle: FileHandle, { at, size }: Member): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let got = 0; got < size; ) {
    const { bytesRead } = await handle.read(bytes, got, size - got, at + got);
    if (bytesRead === 0) throw new RangeError('the file became shorter while it was read');
    got += bytesRead;
  }
  return bytes;
}
