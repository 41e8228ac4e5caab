import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../../cli/bin/vp.js');

export interface VpResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface VpOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called when the process is there. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with what has been printed so far, whenever something comes. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the real command in a process of its own. */
export function vp(
  args: readonly string[],
  { cwd, env = {}, onOutput, onStart }: VpOptions,
): Promise<VpResult> {
  const { promise, resolve, reject } = Promise.withResolvers<VpResult>();
  const plain = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: undefined };
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...plain, ...env } });
  onStart?.((signal) => child.kill(signal));
  let stdout = '';
  let stderr = '';
  const heard = () => onOutput?.(stdout + stderr, (signal) => child.kill(signal));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, stdout, stderr }));
  return promise;
}

/** As `vp … --json`: what it printed, parsed; standard output must be one document and nothing else. */
export async function vpJson<T>(
  args: readonly string[],
  options: VpOptions,
): Promise<{ readonly code: number | null; readonly data: T }> {
  const { code, stdout, stderr } = await vp([...args, '--json'], options);
  try {
    return { code, data: JSON.parse(stdout) };
  } catch (error) {
    throw new Error(`vp ${args.join(' ')} --json printed no JSON (exit ${code}):\n${stdout}\n${stderr}`, {
      cause: error,
    });
  }
}

/** A folder of its own; `dispose` removes it. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'vp-e2e-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}
