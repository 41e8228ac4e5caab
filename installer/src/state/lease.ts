import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { presentGeneration } from './journal.ts';
import { statePaths } from './paths.ts';

const folderOf = (projectDir: string) => join(statePaths(projectDir).plugins, 'in-use');

/**
 * Says that this process works with the present generation, so that no install removes it before the
 * process ends. Where the project cannot be written to nothing is ever removed, and nothing is said.
 */
export function leaseGeneration(projectDir: string): Disposable {
  const name = presentGeneration(projectDir);
  if (name === undefined) return { [Symbol.dispose]: () => {} };
  const file = join(folderOf(projectDir), String(process.pid));
  try {
    mkdirSync(folderOf(projectDir), { recursive: true });
    writeFileSync(file, name);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM', 'ENOSPC'].includes(Object(error).code)) throw error;
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** Generations that processes which live work with. Leases of dead ones are removed. */
export function liveLeases(projectDir: string): ReadonlySet<string> {
  const folder = folderOf(projectDir);
  const found = new Set<string>();
  for (const pid of namesIn(folder)) {
    const file = join(folder, pid);
    if (isAlive(Number(pid))) found.add(readFileSync(file, 'utf8'));
    else rmSync(file, { force: true });
  }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (Object(error).code === 'ENOENT') return [];
    throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Object(error).code === 'EPERM';
  }
}
