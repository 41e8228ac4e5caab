import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Link } from '../wire/link.ts';

/**
 * The permission model refuses every fsync, granted file or not. Sinks that promise that data stays
 * need it: `FileHandle.sync` and `datasync` are done by the host, for files that the plugin may touch.
 */
export async function syncThroughHost(link: Link): Promise<void> {
  const paths = new WeakMap<object, string>();
  const sample = await fs.promises.open(import.meta.filename);
  const prototype: object = Object.getPrototypeOf(sample);
  await sample.close();
  const { open, writeFile, appendFile } = fs.promises;
  fs.promises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    paths.set(handle, pathOf(path));
    return handle;
  };
  // They flush by a handle of their own, of which only they know the path.
  fs.promises.writeFile = async (file, data, options) => {
    await writeFile(file, data, withoutFlush(options));
    if (isFlushed(options)) await syncTarget(file);
  };
  fs.promises.appendFile = async (file, data, options) => {
    await appendFile(file, data, withoutFlush(options));
    if (isFlushed(options)) await syncTarget(file);
  };
  const syncPath = async (path: string | undefined) => {
    if (path !== undefined) await link.call('fs.sync', path);
    else throw Object.assign(new Error('The path of this file is not known.'), { code: 'ERR_ACCESS_DENIED' });
  };
  const syncTarget = (file: fs.PathLike | fs.promises.FileHandle) =>
    syncPath(isPath(file) ? pathOf(file) : paths.get(file));
  const sync = async function (this: object) {
    await syncPath(paths.get(this));
  };
  Object.assign(prototype, { sync, datasync: sync });
  syncBuiltinESMExports();
}

const isPath = (file: fs.PathLike | fs.promises.FileHandle): file is fs.PathLike =>
  typeof file === 'string' || file instanceof URL || ArrayBuffer.isView(file);

const pathOf = (path: fs.PathLike) => resolve(path instanceof URL ? fileURLToPath(path) : path.toString());

type Options = Parameters<typeof fs.promises.writeFile>[2];

const isFlushed = (options: Options): boolean =>
  typeof options === 'object' && options !== null && 'flush' in options && options.flush === true;

const withoutFlush = <T extends Options>(options: T): T =>
  isFlushed(options) && typeof options === 'object' ? { ...options, flush: false } : options;
