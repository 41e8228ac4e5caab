import { describeThrown, isVpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** Whether an error of node:fs says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

/** An error of writing as one that names the destination. */
export function toWriteError(error: unknown, path: string): unknown {
  if (isVpError(error)) return error;
  const [reason = ''] = describeThrown(error).split('\n');
  const isFull = /ENOSPC|No space left|Disk quota|EDQUOT/i.test(reason);
  return errors.VP_FILES_WRITE_FAILED(
    { path, reason: isFull ? 'the disk is full' : reason.replace(/\.$/, '') },
    { cause: error, at: { file: path } },
  );
}
