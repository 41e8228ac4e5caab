import { describeThrown, isVpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { FileSet } from './file-set.ts';

/** An error of the native reader as one that names file, row, column and the way out. */
export function toFileError(error: unknown, set: FileSet): unknown {
  if (isVpError(error)) return error;
  const text = describeThrown(error);
  const path = set.files.find((f) => text.includes(f.path))?.name ?? set.files.map((f) => f.name).join(', ');
  return valueError(text, path, set, error) ?? jsonError(text, path, error) ?? otherError(text, path, error);
}

function valueError(text: string, path: string, set: FileSet, cause: unknown): Error | undefined {
  const line = Number(/CSV Error on Line: (\d+)/.exec(text)?.[1]);
  const column = /Error when converting column "(.+?)"\./.exec(text)?.[1];
  const value = /Could not convert string ("(?:.*?)") to '(.+?)'/s.exec(text);
  if (!Number.isInteger(line) || column === undefined || value === null) return undefined;
  const row = line - (set.options.skip ?? 0) - (set.options.header === false ? 0 : 1);
  const [, shown = '', type = ''] = value;
  return errors.VP_FILES_VALUE(
    { path, row, column, value: shown, type },
    { cause, at: { file: path, row, line } },
  );
}

function jsonError(text: string, path: string, cause: unknown): Error | undefined {
  const malformed = /Malformed JSON in file ".*?", (at byte (\d+).*?)\.\s/s.exec(text);
  if (malformed === null) return undefined;
  const [, reason = ''] = malformed;
  const row = Number(/record\/value (\d+)/.exec(reason)?.[1]);
  const isCut = /unexpected end of data/.test(reason);
  const at = { file: path, ...(Number.isInteger(row) ? { row } : {}) };
  return isCut
    ? errors.VP_FILES_TRUNCATED({ path, reason }, { cause, at })
    : errors.VP_FILES_JSON({ path, reason }, { cause, at });
}

function otherError(text: string, paths: string, cause: unknown): Error {
  const [reason = text] = text.split(/\n\s*\n|\nLINE 1/);
  const line = Number(/on Line: (\d+)/.exec(text)?.[1]);
  const at = { file: paths, ...(Number.isInteger(line) ? { line } : {}) };
  return errors.VP_FILES_READ_FAILED({ paths, reason: reason.trim() }, { cause, at });
}
