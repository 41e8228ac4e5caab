import type { Logger } from '@vp/plugin-sdk';

/** Whether every user of the machine may read a file of these permission bits. */
export function isExposed(mode: number): boolean {
  // Windows has no such bits: Node reports what it makes up.
  return process.platform !== 'win32' && (mode & 0o004) !== 0;
}

export function warnOfReaders(path: string, mode: number, logger: Logger): void {
  const text = `Every user of this machine can read the secrets in ${path}. Close it: chmod 600 ${path}`;
  logger.warn(text, { path, mode: mode.toString(8) });
}
