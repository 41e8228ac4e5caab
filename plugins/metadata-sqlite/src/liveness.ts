import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot and start time, where the system tells (Linux); else `null`, and the pid alone decides. */
  readonly start: string | null;
}

/** This process. */
export const self: ProcessIdentity = { pid: process.pid, host: hostname(), start: startOf(process.pid) };

/** When the process with this pid began; `null` when there is none or the system does not tell. */
export function startOf(pid: number): string | null {
  const stat = procStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return null;
  return `${bootId()}:${stat.startTicks}`;
}

/**
 * Whether a process lives. Of another host nothing can be known: it counts as alive, so that its
 * locks are never stolen.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== self.host) return true;
  if (process.platform === 'linux') {
    const start = startOf(identity.pid);
    return start !== null && (identity.start === null || identity.start === start);
  }
  return acceptsSignals(identity.pid);
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function procStat(pid: number): { readonly state: string; readonly startTicks: string } | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The command name in parentheses may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
