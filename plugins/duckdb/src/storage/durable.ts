import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createCounter } from '../counter.ts';

const nextTemporary = createCounter();

/** Makes what a file or folder holds survive a power cut. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file in one act: readers see the old or the new text, never a part. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${nextTemporary()}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await sync(dirname(path));
}
