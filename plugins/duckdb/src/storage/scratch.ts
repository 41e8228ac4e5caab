import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createCounter } from '../counter.ts';
import { isMissing } from './record.ts';

const FOREIGN_HOST_MS = 24 * 3_600_000;
const nextInstance = createCounter();

/**
 * A folder below `.vp/tmp` that belongs to this process: staged snapshots, spilled data, pipes. Its
 * name says whose it is, so that others can tell when the owner is dead: process id, machine, and the
 * process's start time (process ids are used again).
 */
export interface Scratch {
  readonly root: string;
  /** A new empty folder in it. */
  folder(name: string): Promise<string>;
  /** Removes it all. Synchronous too, for when the process ends. */
  remove(): void;
}

export function createScratch(tmp: string): Scratch {
  const root = join(tmp, `stage-${process.pid}-${host()}-${startTime(process.pid) ?? 0}-${nextInstance()}`);
  const nextFolder = createCounter();
  return {
    root,
    folder: async (name) => {
      const path = join(root, `${name}-${nextFolder()}`);
      await mkdir(path, { recursive: true });
      return path;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Removes what dead processes left. Gives the paths. */
export async function collectLeftovers(tmp: string, now: number): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await list(tmp)) {
    const match = /^(?:stage|trash)-(\d+)-([0-9a-f]{8})-(\d+)-/.exec(name);
    if (match === null) continue;
    const path = join(tmp, name);
    const [, pid = '', machine, start] = match;
    if (machine === host()) {
      if (isAlive(Number(pid), Number(start))) continue;
    } else if (now - (await modified(path)) < FOREIGN_HOST_MS) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(path);
  }
  return removed;
}

async function list(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function modified(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

function isAlive(pid: number, start: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
  const actual = startTime(pid);
  return actual === undefined || start === 0 || actual === start;
}

let machine: string | undefined;

function host(): string {
  machine ??= createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return machine;
}

/** Start of a process in clock ticks since boot; only Linux tells. */
function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold anything, spaces too.
    const value = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return Number.isSafeInteger(value) ? value : undefined;
  } catch (error) {
    if (isMissing(error) || process.platform !== 'linux') return undefined;
    throw error;
  }
}
