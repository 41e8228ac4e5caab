import { describeThrown, type Field, formatType, isVpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Native } from '../native/reader.ts';
import { failureMark } from '../native/text-cast.ts';
import type { DescribedFiles, FileSet } from './file-set.ts';
import { badValueQuery, ownFields } from './relation.ts';

/** An error of the native reader while rows were read: a value that does not fit is looked for. */
export async function toReadError(error: unknown, set: DescribedFiles, native: Native): Promise<unknown> {
  if (isVpError(error)) return error;
  const text = describeThrown(error);
  if (!text.includes(failureMark) && !/Conversion Error|Could not (convert|parse)/.test(text))
    return toFileError(error, set);
  for (const file of set.files) {
    for (const field of ownFields(set)) {
      const found = await firstBadValue({ ...set, files: [file] }, field, native);
      if (found === undefined) continue;
      const facts = { path: file.name, column: field.name, type: formatType(field.type), ...found };
      return errors.VP_FILES_VALUE(facts, { cause: error, at: { file: file.name, row: found.row } });
    }
  }
  return toFileError(error, set);
}

async function firstBadValue(
  set: DescribedFiles,
  field: Field,
  native: Native,
): Promise<{ readonly row: number; readonly value: string } | undefined> {
  const query = badValueQuery(set, field);
  const [found] = query === undefined ? [] : await native.facts(query);
  if (found === undefined) return undefined;
  const isMasked = field.tags?.includes('pii') === true;
  return { row: Number(found.row), value: isMasked ? '[masked]' : JSON.stringify(found.value) };
}

/** An error of the native reader as one that names file, row, column and the way out. */
export function toFileError(error: unknown, set: FileSet): unknown {
  if (isVpError(error)) return error;
  const text = describeThrown(error);
  const path = set.files.find((f) => text.includes(f.path))?.name ?? set.files.map((f) => f.name).join(', ');
  return jsonError(text, path, error) ?? otherError(text, path, error);
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
  return errors.VP_FILES_READ_FAILED(
    { paths, reason: reason.replaceAll(failureMark, ' ').trim() },
    { cause, at },
  );
}
