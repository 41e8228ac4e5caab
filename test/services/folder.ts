import { execFile } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Database servers refuse to run as root: the words before a command that make it another user's. */
export function asUser(user: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  return ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--'];
}

/** A new folder below the temporary one that a server's user may use. */
export async function serverFolder(name: string, user: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `vp-${name}-`));
  await chmod(folder, 0o755);
  if (process.getuid?.() === 0) await run('chown', [user, folder]);
  return folder;
}

/** Runs a program to its end. @throws Error with what it printed */
export async function runAs(user: string, command: string, args: readonly string[]): Promise<string> {
  const [program = command, ...rest] = [...asUser(user), command, ...args];
  const { stdout } = await run(program, rest, { maxBuffer: 1e8 });
  return stdout;
}
