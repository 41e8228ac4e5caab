import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import {
  type InstalledIndex,
  indexFile,
  installedFolder,
  installedIndexSchema,
} from '@vp/contracts/registry';
import { isMissing } from '../support/files.ts';
import { errors } from './errors.ts';

/** A generation of installed plugins. */
export interface Generation {
  /** Absolute, and not through the link that the next install swaps. */
  readonly folder: string;
  readonly index: InstalledIndex;
}

/** The generation that is in use; `undefined` when nothing is installed. @throws VpError `VP_LOCK_UNREADABLE` */
export function readGeneration(projectDir: string): Generation | undefined {
  let folder: string;
  try {
    folder = realpathSync(join(projectDir, installedFolder));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return { folder, index: readIndex(folder) };
}

/** The index of a generation. @throws VpError `VP_LOCK_UNREADABLE` */
export function readIndex(folder: string): InstalledIndex {
  const file = join(folder, indexFile);
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // Its entries are looked at one by one as they are needed; all of them at once cost a start's time.
    return isIndex(value) ? value : installedIndexSchema.parse(value);
  } catch (error) {
    const reason = isMissing(error) ? 'it is not there.' : `${describeThrown(error).split('\n')[0]}.`;
    throw errors.VP_LOCK_UNREADABLE({ file, reason }, { at: { file }, cause: error });
  }
}

function isIndex(value: unknown): value is InstalledIndex {
  const { indexVersion, lock, packages } = Object(value);
  return indexVersion === 1 && typeof lock === 'string' && typeof packages === 'object' && packages !== null;
}

/** Writes the index, whole or not at all; `false` when the folder cannot be written to. */
export function writeIndex(folder: string, index: InstalledIndex): boolean {
  const file = join(folder, indexFile);
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(index));
    renameSync(draft, file);
    return true;
  } catch {
    // A deployment may be read-only: it is looked at thoroughly at each start, and works.
    rmSync(draft, { force: true });
    return false;
  }
}
