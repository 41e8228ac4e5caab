import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitMeta, TableSchema } from '@vp/plugin-sdk';
import { isMissing } from './fs-error.ts';

/**
 * What was committed into a destination. It is written before the data file takes its place, and an
 * entry counts only while the file is there as described: so the rename of the data file is the one
 * act that commits both.
 */
export interface SinkManifest {
  readonly version: 1;
  /** Oldest first. */
  readonly commits: readonly CommittedFile[];
  /** Files of a folder that a later commit replaced, and that may have to be removed yet. */
  readonly obsolete: readonly string[];
}

/** A file that a commit put into its place. */
export interface CommittedFile {
  /** Name within the folder. */
  readonly file: string;
  readonly bytes: number;
  /** Nanoseconds, as text. */
  readonly modified: string;
  readonly rows: number;
  readonly schema: TableSchema;
  readonly meta: CommitMeta;
}

/** A manifest of nothing. */
const emptyManifest: SinkManifest = { version: 1, commits: [], obsolete: [] };

/** The manifest in `path`; an empty one when there is none, or none that can be understood. */
export async function readManifest(path: string): Promise<SinkManifest> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return emptyManifest;
    throw error;
  }
  return parseManifest(text) ?? emptyManifest;
}

/** A damaged manifest proves nothing, and what cannot be proved to be committed is written again. */
function parseManifest(text: string): SinkManifest | undefined {
  try {
    const value: Partial<SinkManifest> = JSON.parse(text);
    return value.version === 1 && Array.isArray(value.commits) ? { ...emptyManifest, ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The entries whose file is there as described. */
export async function provenCommits(
  manifest: SinkManifest,
  folder: string,
): Promise<readonly CommittedFile[]> {
  const proven = await Promise.all(manifest.commits.map((commit) => isAsDescribed(commit, folder)));
  return manifest.commits.filter((_, i) => proven[i]);
}

async function isAsDescribed(commit: CommittedFile, folder: string): Promise<boolean> {
  try {
    const facts = await stat(join(folder, commit.file), { bigint: true });
    return Number(facts.size) === commit.bytes && String(facts.mtimeNs) === commit.modified;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
