import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const policy = '/usr/sbin/policy-rc.d';

/** The path of a program: of PATH, or of the folders where Debian keeps servers. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...folders, ...path, '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}

/**
 * Installs packages of Debian, once a machine, without starting their services.
 *
 * @returns why that cannot be done here; nothing when it was done
 */
export async function installPackages(packages: readonly string[]): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'installing it takes root';
  if (findProgram('apt-get') === undefined) return 'there is no apt-get';
  const lock = join(tmpdir(), 'vp-apt.lock');
  await obtain(lock);
  const hadPolicy = existsSync(policy);
  try {
    // Debian starts a service when it is installed, unless this says no.
    if (!hadPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, maxBuffer: 1e8 });
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], {
      env,
      maxBuffer: 1e8,
    });
    return undefined;
  } catch (error) {
    return `apt-get failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    if (!hadPolicy) rmSync(policy, { force: true });
    rmdirSync(lock);
  }
}

/** Test processes that want packages at the same time wait for each other. */
async function obtain(lock: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      const isHeld = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isHeld || tries > 600) throw error;
      await pause(500);
    }
  }
}
