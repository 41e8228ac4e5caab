import { existsSync } from 'node:fs';

/** The machine that packages are chosen for, in npm's words. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** Of Linux: `glibc` or `musl`. */
  readonly libc?: string | undefined;
}

/** The machine that this runs on. */
export function thisPlatform(): Platform {
  const { platform, arch } = process;
  if (platform !== 'linux') return { os: platform, cpu: arch };
  return { os: platform, cpu: arch, libc: isMusl() ? 'musl' : 'glibc' };
}

// Asking `process.report` for it would take longer than a whole install of a small plugin.
const isMusl = () =>
  ['x86_64', 'aarch64', 'armv7', 'armhf', 'i386'].some((cpu) => existsSync(`/lib/ld-musl-${cpu}.so.1`)) &&
  !existsSync('/lib64/ld-linux-x86-64.so.2');

/** Whether a package with these `os`, `cpu` and `libc` fields is for a machine. */
export function fitsPlatform(
  wants: { readonly os?: unknown; readonly cpu?: unknown; readonly libc?: unknown },
  platform: Platform,
): boolean {
  return (
    admits(wants.os, platform.os) &&
    admits(wants.cpu, platform.cpu) &&
    (platform.libc === undefined ? wants.libc === undefined : admits(wants.libc, platform.libc))
  );
}

/** npm's rule: one of the list, and none that is excluded with `!`. */
function admits(list: unknown, value: string): boolean {
  const all = typeof list === 'string' ? [list] : Array.isArray(list) ? list.map(String) : [];
  if (all.length === 0 || all.includes('any')) return true;
  if (all.includes(`!${value}`)) return false;
  return all.every((each) => each.startsWith('!')) || all.includes(value);
}
