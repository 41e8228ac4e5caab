import { type Lock, lockFile } from '@vp/contracts/registry';
import { parseLock } from '@vp/kernel';
import type { DeclaredPlugin } from '../resolve/choose.ts';
import { readText } from '../state/journal.ts';
import { statePaths } from '../state/paths.ts';
import { mergedLock } from './merge.ts';

export interface ProjectLock {
  /** As it lies there; `null` for none. */
  readonly text: string | null;
  readonly lock: Lock | undefined;
  /** Whether it held the two sides of a merge, and `lock` is what became of them. */
  readonly isMerged: boolean;
}

/** vp.lock, the two sides of a merge put together where they can be. @throws VpError `VP_LOCK_*` */
export function readProjectLock(projectDir: string, declared: readonly DeclaredPlugin[]): ProjectLock {
  const text = readText(statePaths(projectDir).lock);
  if (text === null) return { text, lock: undefined, isMerged: false };
  const merged = mergedLock(text, declared);
  if (merged !== undefined) return { text, lock: merged, isMerged: true };
  return { text, lock: parseLock(text, lockFile).lock, isMerged: false };
}
