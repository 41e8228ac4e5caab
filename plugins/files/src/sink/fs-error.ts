import { describeThrown, isVpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { failureMark } from '../native/text-cast.ts';

/** Whether an error of node:fs says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

/**
 * An error of the file system or of the native writer as one that names the destination. What the
 * producer of the data threw stays what it is.
 */
export function toWriteError(error: unknown, path: string): unknown {
  if (isVpError(error)) return error;
  const [line = ''] = describeThrown(error).split('\n');
  const reason = line.replace(/\.$/, '');
  const context = { cause: error, at: { file: path } };
  if (/ENOSPC|EDQUOT|No space left|Disk quota/i.test(line)) {
    return errors.VP_FILES_WRITE_FAILED({ path, reason: 'the disk is full' }, context);
  }
  if (isSystemError(error) || /^IO Error:/.test(line))
    return errors.VP_FILES_WRITE_FAILED({ path, reason }, context);
  if (/^[A-Z][A-Za-z ]* Error:/.test(line)) {
    return errors.VP_FILES_CONVERT_FAILED({ path, reason: reason.replaceAll(failureMark, ' ') }, context);
  }
  return error;
}

function isSystemError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
