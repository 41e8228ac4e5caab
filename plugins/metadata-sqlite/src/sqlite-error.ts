import { describeThrown, isVpError, type VpError } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

// Primary result codes of SQLite; the extended ones carry them in their low byte.
const resultCode = {
  busy: 5,
  locked: 6,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** The primary result code of an error of node:sqlite. */
function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Whether another process has the database locked, so that trying again helps. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === resultCode.busy || code === resultCode.locked;
}

/** An error of node:sqlite as one that names the file and the way out. */
export function toStoreError(error: unknown, path: string): VpError {
  if (isVpError(error)) return error;
  const reason = describeThrown(error);
  const context = { cause: error, phase: 'metadata store' };
  switch (codeOf(error)) {
    case resultCode.busy:
    case resultCode.locked:
      return errors.VP_STORE_BUSY({ path, waitedMs: 0 }, context);
    case resultCode.corrupt:
    case resultCode.notADatabase:
    case resultCode.cannotOpen:
      return errors.VP_STORE_UNREADABLE({ path, reason }, context);
    case resultCode.readonly:
    case resultCode.ioError:
    case resultCode.full:
      return errors.VP_STORE_WRITE_FAILED({ path, reason }, context);
    default:
      return errors.VP_STORE_FAILED({ path, reason }, context);
  }
}
