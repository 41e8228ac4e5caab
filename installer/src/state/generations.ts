import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { killListFile } from '@vp/contracts/registry';
import { presentGeneration } from './journal.ts';
import { isAlive, liveLeases } from './lease.ts';
import { stagePrefix, statePaths } from './paths.ts';

/** How many generations are kept, the one in use among them. */
const kept = 3;

/** Numbers of the generations that are there, newest first. */
export function listGenerations(projectDir: string): readonly string[] {
  return foldersOf(projectDir)
    .filter((name) => /^\d+$/.test(name))
    .toSorted((a, b) => Number(b) - Number(a));
}

function foldersOf(projectDir: string): readonly string[] {
  const { generations } = statePaths(projectDir);
  return existsSync(generations) ? readdirSync(generations) : [];
}

/** An empty folder to build the next generation in. */
export function newStage(projectDir: string): string {
  const { generations } = statePaths(projectDir);
  const folder = join(generations, `${stagePrefix}${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  return folder;
}

export const nextGeneration = (projectDir: string): string =>
  String(Number(listGenerations(projectDir)[0] ?? '0') + 1);

/** The generation that was in use before the present one, if it is still there. */
export function previousGeneration(projectDir: string): string | undefined {
  const present = Number(presentGeneration(projectDir) ?? '0');
  return listGenerations(projectDir).find((name) => Number(name) < present);
}

/**
 * Removes what nobody needs any more: stages that were cut off, generations that never came into use, and
 * all but the last few. One that a running process works with stays. Call it with the lock held.
 */
export function sweep(projectDir: string): void {
  const { generations } = statePaths(projectDir);
  const present = presentGeneration(projectDir);
  const leased = liveLeases(projectDir);
  const all = listGenerations(projectDir);
  const older = all.filter((name) => present !== undefined && Number(name) < Number(present));
  const keep = new Set([present, ...older.slice(0, kept - 1), ...leased]);
  for (const name of foldersOf(projectDir)) {
    const isStage = name.startsWith(stagePrefix);
    if (isStage || (/^\d+$/.test(name) && !keep.has(name)))
      rmSync(join(generations, name), { recursive: true, force: true });
  }
  sweepDrafts(projectDir);
}

/** Drafts of files that a killed process was about to put in place: nobody else writes any, the lock is held. */
function sweepDrafts(projectDir: string): void {
  const { plugins, busy } = statePaths(projectDir);
  const drafts: readonly (readonly [folder: string, pattern: RegExp])[] = [
    [plugins, /^(?:\.current-\d+|pending\.json\.\d+\.tmp)$/],
    [projectDir, /^vp\.(?:toml|lock)\.\d+\.tmp$/],
  ];
  for (const [folder, pattern] of drafts) {
    for (const name of readdirSync(folder))
      if (pattern.test(name)) rmSync(join(folder, name), { force: true });
  }
  // Of processes that waited for the lock, or wrote a list of withdrawn versions, and are gone.
  const names = [busy, killListFile].map((file) => RegExp.escape(basename(file))).join('|');
  const ofProcess = new RegExp(`^(?:${names})\\.(\\d+)(?:\\.new)?$`);
  for (const name of readdirSync(plugins)) {
    const pid = ofProcess.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(plugins, name), { force: true });
  }
}
