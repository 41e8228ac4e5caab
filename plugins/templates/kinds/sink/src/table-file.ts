import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommitMeta, TableSchema } from '@vp/plugin-sdk';

/** Says which files are the table now. Its rename is the one act by which a write becomes visible. */
export const tableFile = '_table.json';

export interface TableState {
  readonly schema: TableSchema;
  readonly files: readonly string[];
  /** What the last write committed together with its data. */
  readonly committed: CommitMeta;
}

export async function readTableState(folder: string): Promise<TableState | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, tableFile), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text);
}

export async function writeTableState(folder: string, state: TableState): Promise<void> {
  const next = join(folder, `.${tableFile}.${state.committed.token.replaceAll(/\W/g, '-')}`);
  await writeDurably(next, [`${JSON.stringify(state, null, 2)}\n`]);
  await rename(next, join(folder, tableFile));
  const directory = await open(dirname(next));
  await directory.sync().finally(() => directory.close());
}

/** Writes a new file, and returns when it would survive a power cut. */
export async function writeDurably(
  file: string,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<number> {
  const handle = await open(file, 'wx');
  let bytes = 0;
  try {
    for await (const line of lines) bytes += (await handle.write(line)).bytesWritten;
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}
