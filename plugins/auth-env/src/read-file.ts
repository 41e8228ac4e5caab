import { open } from 'node:fs/promises';

const largest = 65_536;

/** What a small file holds, with its permissions as they were when it was read. */
export interface SmallFile {
  readonly bytes: number;
  /** Undefined when it is too large. */
  readonly text: string | undefined;
  readonly isFile: boolean;
  /** Unix permission bits. */
  readonly mode: number;
}

/** `undefined` when there is no such file. */
export async function readSmallFile(path: string): Promise<SmallFile | undefined> {
  try {
    // Permissions and content are of the one open file, whatever happens to the path meanwhile.
    await using file = await open(path, 'r');
    const stat = await file.stat();
    const isSmall = stat.isFile() && stat.size <= largest;
    return {
      bytes: stat.size,
      text: isSmall ? await file.readFile('utf8') : undefined,
      isFile: stat.isFile(),
      mode: stat.mode & 0o777,
    };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
