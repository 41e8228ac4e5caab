import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { describeThrown, isVpError } from '@vp/contracts';
import { errors } from './errors.ts';
import type { BundleContents } from './format.ts';
import { blockSize, padded, tarHeader } from './tar.ts';

/** Writes members one after the other. */
export interface BundleWriter {
  add(name: string, bytes: Uint8Array): Promise<void>;
  /** Size and hash of what was added so far. */
  readonly files: BundleContents['files'];
  /** Bytes of the archive, if nothing more is added. */
  readonly size: number;
}

/**
 * Writes an archive beside its place and puts it there when it is whole: who looks meanwhile sees the old one,
 * or none.
 */
export async function writeBundle<T>(file: string, fill: (writer: BundleWriter) => Promise<T>): Promise<T> {
  const part = `${file}.${process.pid}.part`;
  try {
    const handle = await open(part, 'wx', 0o644);
    try {
      const files: Record<string, { size: number; sha256: string }> = {};
      let size = 0;
      const write = async (bytes: Uint8Array) => {
        await handle.writeFile(bytes);
        size += bytes.length;
      };
      const result = await fill({
        files,
        get size() {
          return size + 2 * blockSize;
        },
        async add(name, bytes) {
          if (files[name] !== undefined) throw new TypeError(`${name} is in the bundle already`);
          files[name] = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
          await write(tarHeader({ name, size: bytes.length }));
          await write(bytes);
          await write(Buffer.alloc(padded(bytes.length) - bytes.length));
        },
      });
      await write(Buffer.alloc(2 * blockSize));
      await handle.sync();
      await handle.close();
      await rename(part, file);
      return result;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    if (isVpError(error) || typeof Object(error).syscall !== 'string') throw error;
    throw errors.VP_BUNDLE_CANNOT_WRITE({ file, problem: describeThrown(error) }, { cause: error });
  }
}
