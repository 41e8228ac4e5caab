import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import { type Lock, lockDigest, lockFile, lockSchema } from '@vp/contracts/registry';
import * as z from 'zod';
import { jsonPointer, schemaFaults } from '../json-schema/index.ts';
import { createLocator, tryJson } from '../manifest/index.ts';
import { isMissing } from '../support/files.ts';
import { errors } from './errors.ts';
import { sha256 } from './tree.ts';

/** A lock with its digest. */
export interface LockFile {
  readonly lock: Lock;
  /** `lockDigest` of it. */
  readonly digest: string;
}

/**
 * The project's vp.lock; `undefined` when it has none.
 *
 * @throws VpError `VP_LOCK_*` with file and line
 */
export function readLock(projectDir: string): LockFile | undefined {
  const text = readLockText(projectDir);
  return text === undefined ? undefined : parseLock(text);
}

/**
 * As {@link readLock}. A lock that is the one `installed` was made from was checked then, and is not
 * checked again: of a thousand packages that would take longer than all else of a start.
 */
export function readInstalledLock(projectDir: string, installed: string | undefined): LockFile | undefined {
  const text = readLockText(projectDir);
  if (text === undefined) return undefined;
  return known(text, installed) ?? parseLock(text);
}

/**
 * The text of a vp.lock, checked as a whole.
 *
 * @throws VpError the first fault, with file and line
 */
export function parseLock(text: string, file: string = lockFile): LockFile {
  refuseConflict(text, file);
  const result = tryJson(text);
  if (!result.ok) {
    const { line, column, reason } = result;
    const place = `${file}:${line}:${column}`;
    throw errors.VP_LOCK_NOT_JSON({ place, reason }, { at: { file, line, column } });
  }
  const { value } = result;
  const version = Object(value).lockVersion;
  if (version !== undefined && version !== 1) {
    throw errors.VP_LOCK_VERSION({ file, found: JSON.stringify(version) }, { at: { file } });
  }
  if (isTooDeep(text)) {
    const problem = 'is nested deeper than any lock';
    const pointer = 'the document';
    throw errors.VP_LOCK_INVALID({ file, pointer, problem, suggestion: '' }, { at: { file } });
  }
  const parsed = lockSchema.safeParse(value);
  if (parsed.success) {
    refuseStrangePlaces(parsed.data, text, file);
    return { lock: parsed.data, digest: lockDigest(parsed.data) };
  }
  const [fault] = schemaFaults(parsed.error.issues, { value, schema: z.toJSONSchema(lockSchema) });
  if (fault === undefined) throw new TypeError('a lock that is refused must have a fault');
  const pointer = jsonPointer(fault.path) || 'the document';
  const { problem, suggestion } = fault;
  const at = createLocator(text, file)(fault.path);
  const place = at.line === undefined ? file : `${file}:${at.line}:${at.column}`;
  throw errors.VP_LOCK_INVALID({ file: place, pointer, problem, suggestion }, { at });
}

/** What only nests would not fit on the stack of whoever hashes or writes it. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > 64) return true;
  }
  return false;
}

const packageName = String.raw`(?:@[\w~-][\w.~-]*/)?[\w~-][\w.~-]*`;
const pluginKey = new RegExp(`^${packageName}$`);
const packagePlace = new RegExp(`^node_modules/${packageName}(?:/node_modules/${packageName})*$`);

/** Names become folders: a lock that somebody sends must not lead out of those. */
function refuseStrangePlaces({ plugins, packages }: Lock, text: string, file: string): void {
  const strange = [
    ...Object.keys(plugins).flatMap((key) => (pluginKey.test(key) ? [] : [['plugins', key]])),
    // npm writes the project itself as ''.
    ...Object.keys(packages).flatMap((place) =>
      place === '' || packagePlace.test(place) ? [] : [['packages', place]],
    ),
  ];
  const [path] = strange;
  if (path === undefined) return;
  const at = createLocator(text, file)(path);
  const where = at.line === undefined ? file : `${file}:${at.line}:${at.column}`;
  const problem = 'is no place of a package';
  throw errors.VP_LOCK_INVALID({ file: where, pointer: jsonPointer(path), problem, suggestion: '' }, { at });
}

/**
 * Sorted keys make the text without its spaces the canonical one, which the digest is of: V8 writes it
 * ten times as fast as we would.
 */
function known(text: string, installed: string | undefined): LockFile | undefined {
  if (installed === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const digest = `sha256-${sha256(JSON.stringify(value))}`;
    // The installer has held the value with this digest against the schema.
    return digest === installed ? { lock: value as Lock, digest } : undefined;
  } catch {
    // Said with its place by whoever checks the text.
    return undefined;
  }
}

function readLockText(projectDir: string): string | undefined {
  const file = join(projectDir, lockFile);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    const reason = `${describeThrown(error)}.`;
    throw errors.VP_LOCK_UNREADABLE({ file, reason }, { at: { file }, cause: error });
  }
}

function refuseConflict(text: string, file: string): void {
  const found = /^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$/m.exec(text);
  if (found === null) return;
  const line = text.slice(0, found.index).split('\n').length;
  throw errors.VP_LOCK_CONFLICT(
    { place: `${file}:${line}`, marker: found[0].slice(0, 60).trimEnd() },
    { at: { file, line, column: 1 } },
  );
}
