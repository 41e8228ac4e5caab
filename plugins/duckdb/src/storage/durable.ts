import { closeSync, fsync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { createCounter } from '../counter.ts';

const nextTemporary = createCounter();

/** Makes what a file or folder holds survive a power cut. In the background: it may be many megabytes. */
export async function sync(path: string): Promise<void> {
  const file = openSync(path, 'r');
  try {
    await promisify(fsync)(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Replaces a file in one act: readers see the old or the new text, never a part. Synchronous: it is a
 * kilobyte, and going through the thread pool takes several times as long as the work.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${nextTemporary()}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Makes names in a folder survive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Has the disk begin while a file is still being written, so that making it durable at the end is
 * short. Gives how to stop. Errors are left to the final {@link sync}, which must succeed.
 */
export function flushMeanwhile(path: string): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    const done = () => {
      isBusy = false;
    };
    sync(path).then(done, done);
  }, 100);
  timer.unref();
  return () => clearInterval(timer);
}
