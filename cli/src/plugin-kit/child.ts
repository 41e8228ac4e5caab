import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../shell/package-root.ts';

/** How a process ended, and what it said. */
export interface ChildEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and collects what it says; ended when the signal aborts. */
export async function runChild(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<ChildEnd> {
  const { cwd, signal } = options;
  signal.throwIfAborted();
  // npm is a script on Windows, which only a shell can start; its arguments are ours.
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, [...args], { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    const closed = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    signal.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** This `vp`, in a process of its own, with errors at their place in the source. */
export const runVp = (
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<ChildEnd> =>
  runChild(process.execPath, ['--enable-source-maps', join(packageRoot(), 'bin', 'vp.js'), ...args], options);
