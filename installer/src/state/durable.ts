import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file whole or not at all, and on the disk before it is seen. Its mode stays, and a link to it. */
export function writeDurably(path: string, text: string): void {
  const present = statSync(path, { throwIfNoEntry: false });
  const file = present === undefined ? path : realpathSync(path);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(draft, 'w', present?.mode ?? 0o666);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch (error) {
    // Some systems (Windows, some network mounts) sync no folders.
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(Object(error).code)) throw error;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
