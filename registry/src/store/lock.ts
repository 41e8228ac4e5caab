import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { errors } from '../errors.ts';
import { errorCode, writeDurable } from './durable.ts';

const running = z.object({
  pid: z.int(),
  /** When the process began, as the system counts: a process id comes back, this does not. */
  began: z.string().optional(),
  /** Where it listens, once it does. */
  address: z.string().optional(),
  /** With it, who may read the data folder may administer the registry that serves it. */
  secret: z.string().optional(),
});

/** Who works on a data folder. */
export type Running = z.infer<typeof running>;

export interface DataLock {
  /** Says where the process listens. */
  announce(address: string, secret: string): Promise<void>;
  release(): Promise<void>;
}

/** The process that works on a data folder now. */
export async function readRunning(file: string): Promise<Running | undefined> {
  const found = await read(file);
  return found !== undefined && (await isAlive(found.value)) ? found.value : undefined;
}

/** Makes this process the only one that works on a data folder. What a dead process left is taken over. */
export async function lockData(file: string): Promise<DataLock> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const own: Running = { pid: process.pid, ...((await beganAt(process.pid)) ?? {}) };
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, JSON.stringify(own), { mode: 0o600 });
  try {
    // Each round somebody else was faster, or has just died.
    for (let round = 0; round < 10; round++) {
      if (await linked(temporary, file)) return held(file, own);
      const found = await read(file);
      if (found === undefined) continue;
      if (await isAlive(found.value))
        throw errors.VP_REGISTRY_BUSY({
          folder: dirname(file),
          pid: found.value.pid,
          url: found.value.address ?? '',
        });
      await removeStale(file, found.text);
    }
    throw errors.VP_REGISTRY_BUSY({ folder: dirname(file), pid: 0, url: '' });
  } finally {
    await rm(temporary, { force: true });
  }
}

function held(file: string, own: Running): DataLock {
  return {
    announce: (address, secret) =>
      writeDurable(file, JSON.stringify({ ...own, address, secret }), { mode: 0o600 }),
    release: () => rm(file, { force: true }),
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead process's file away, and no other that came in its place meanwhile. */
async function removeStale(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== text) await linked(aside, file);
  await rm(aside, { force: true });
}

async function read(file: string): Promise<{ readonly text: string; readonly value: Running } | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return { text, value: running.parse(JSON.parse(text)) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isAlive({ pid, began }: Running): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (errorCode(error) === 'ESRCH') return false;
  }
  const now = await beganAt(pid);
  return began === undefined || now === undefined || now.began === began;
}

async function beganAt(pid: number): Promise<{ readonly began: string } | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; the 20th field after it is the start time, the first the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { began: fields[0] === 'Z' ? 'ended' : (fields[19] ?? '') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return { began: 'ended' };
    throw error;
  }
}
