import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a module was found to define, when it had this hash. */
export interface IndexedFile {
  readonly hash: string;
  /** Assets that the file exports, or that are upstream of them. */
  readonly assets: readonly string[];
  /** Those of them whose `asset()` call stands in this file. */
  readonly defines: readonly string[];
  /** Assets that the file publishes. */
  readonly publishes: readonly string[];
}

/** By file name relative to the project. */
export type PipelineIndex = Readonly<Record<string, IndexedFile>>;

const version = 1;

/** The index of the last load; empty when there is none, or another version's or damaged. */
export async function readIndex(file: string): Promise<PipelineIndex> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const content = parse(text);
  return content.version === version && typeof content.files === 'object' ? (content.files ?? {}) : {};
}

function parse(text: string): { readonly version?: unknown; readonly files?: PipelineIndex } {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A cache that is damaged is a cache that is empty.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Writes the index in one atomic step. A project that cannot be written to goes without. */
export async function writeIndex(file: string, files: PipelineIndex): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify({ version, files }));
    await rename(temporary, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'ENOSPC') throw error;
  }
}
