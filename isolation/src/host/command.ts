import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IsolateRequest } from '@vp/contracts';
import { fileFlags } from './file-flags.ts';
import { linksTo } from './links.ts';
import { type FilePattern, matchesText, realPath } from './patterns.ts';

/** A process to be started. */
export interface GuestCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly narrowed: readonly string[];
}

/** The code that runs in the process before the plugin's: beside this file, whether built or not. */
function guestEntry(): string {
  const beside = join(import.meta.dirname, '..', 'guest', `main${extname(import.meta.filename)}`);
  return existsSync(beside) ? beside : fileURLToPath(import.meta.resolve('@vp/isolation/guest'));
}

export function guestCommand(
  request: IsolateRequest,
  { patterns, temporary }: { readonly patterns: readonly FilePattern[]; readonly temporary: string },
): GuestCommand {
  const { permissions, limits, readable, directory } = request;
  const entry = realPath(guestEntry());
  const own = dirname(dirname(entry));
  const packages = [directory, ...readable];
  const code = [own, join(dirname(own), 'package.json'), ...packages, ...linksTo(packages)];
  const { flags, narrowed } = fileFlags(patterns);
  const native = permissions.native === true;
  const node = [
    '--permission',
    '--disable-sigusr1',
    '--no-global-search-paths',
    // SQLite opens files past the permission model, and native code needs no permission to.
    ...(native ? [] : switchedOff(['experimental-sqlite', 'experimental-webstorage', 'experimental-ffi'])),
    // Data passes through the young generation; one that is small for a small heap costs a third of the speed.
    ...(limits.memoryMb >= 256 ? ['--max-semi-space-size=32', '--min-semi-space-size=16'] : []),
    `--max-old-space-size=${Math.max(32, Math.floor(limits.memoryMb * 0.8))}`,
    ...[...new Set(code.flatMap((path) => [path, realPath(path)]))].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-read=${join(temporary, '*')}`,
    `--allow-fs-write=${join(temporary, '*')}`,
    ...flags,
    ...(native ? ['--allow-addons'] : []),
    ...((permissions.subprocess ?? []).length > 0 ? ['--allow-child-process'] : []),
    entry,
  ];
  const [file = process.execPath, ...args] = [
    ...wrapper({ memoryMb: limits.memoryMb, native }),
    process.execPath,
    ...node,
  ];
  return {
    file,
    args,
    narrowed,
    env: { ...grantedEnv(permissions.env ?? []), ...ownEnv, TMPDIR: temporary },
  };
}

/** Of the features that this Node has. */
const switchedOff = (names: readonly string[]) =>
  names.filter((name) => process.allowedNodeEnvironmentFlags.has(`--${name}`)).map((name) => `--no-${name}`);

/** One thread of the pool writes data: the plugin has as many as elsewhere. */
const ownEnv = { UV_THREADPOOL_SIZE: '5' };

/** Variables that change what code a process runs, whatever pattern grants them. */
const neverPassed = /^(NODE_|LD_|DYLD_|OPENSSL_|SSL_)/;

function grantedEnv(patterns: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || neverPassed.test(name)) continue;
    if (patterns.some((pattern) => matchesText(pattern, name))) env[name] = value;
  }
  return env;
}

let tools: { readonly setpriv: boolean; readonly prlimit: boolean } | undefined;

/**
 * Where util-linux is: the process dies with its host whatever it is doing, gains no rights from
 * setuid programs, leaves no core file, and cannot map much more memory than it may use between two
 * looks at it. Elsewhere it ends when its pipe does, if its code lets it.
 */
function wrapper({
  memoryMb,
  native,
}: {
  readonly memoryMb: number;
  readonly native: boolean;
}): readonly string[] {
  const works = (file: string, args: readonly string[]) =>
    process.platform === 'linux' && spawnSync(file, [...args, 'true'], { stdio: 'ignore' }).status === 0;
  tools ??= {
    setpriv: works('setpriv', ['--pdeathsig', 'KILL', '--no-new-privs']),
    prlimit: works('prlimit', ['--core=0', '--data=4294967296']),
  };
  // Native code reserves what it never uses: there the watch over what is resident must do.
  const data = native ? [] : [`--data=${(memoryMb + 1_024) * 2 ** 20}`];
  return [
    ...(tools.setpriv ? ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs'] : []),
    ...(tools.prlimit ? ['prlimit', '--core=0', '--nofile=1024', ...data] : []),
  ];
}
