import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '../errors.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Lets one installer work on a project at a time. Who comes second waits a little; the lock of a process
 * that is gone is taken over.
 *
 * @throws VpError `VP_INSTALL_BUSY`
 */
export async function holdInstallLock(
  file: string,
  options: { readonly waitMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Disposable> {
  const { waitMs = 10_000, signal } = options;
  mkdirSync(dirname(file), { recursive: true });
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    if (take(file)) return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    const holder = read(file);
    if (holder !== undefined && isGone(holder)) takeAway(file, holder);
    else if (performance.now() > deadline) throw busy(file, holder);
    else await sleep(50, undefined, signal === undefined ? {} : { signal });
  }
}

/** The lock appears with its text in it, or not at all: nobody sees one without a holder. */
function take(file: string): boolean {
  const draft = `${file}.${process.pid}.new`;
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (Object(error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Who holds it; somebody who is gone, when it is no lock of ours. */
function read(file: string): Holder | undefined {
  const nobody = { pid: 0, host: hostname(), since: '' };
  try {
    const { pid, host, since } = Object(JSON.parse(readFileSync(file, 'utf8')));
    return Number.isInteger(pid) && typeof host === 'string' ? { pid, host, since: String(since) } : nobody;
  } catch (error) {
    if (Object(error).code === 'ENOENT') return undefined;
    return nobody;
  }
}

function isGone({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return Object(error).code === 'ESRCH';
  }
}

/** Of several that notice the same dead holder one renames its lock; the others find a new one, or none. */
function takeAway(file: string, gone: Holder): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    const taken = read(aside);
    // Somebody was quicker, and this is the lock of one who lives: it gets it back, unless a third has it now.
    if (taken !== undefined && taken.pid !== gone.pid && !isGone(taken)) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(Object(error).code)) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function busy(file: string, holder: Holder | undefined) {
  const { pid = 0, host = '', since = '' } = holder ?? {};
  return errors.VP_INSTALL_BUSY({ file, pid, host, since });
}
