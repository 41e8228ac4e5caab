import { constants } from 'node:fs';
import { access, glob, lstat, readdir, readlink, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeThrown, didYouMean, type Paths } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { isMissing } from '../sink/fs-error.ts';

/** A file that was found. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** As shown to people: relative to the project where it lies inside. */
  readonly name: string;
  readonly bytes: number;
  readonly mtimeNs: bigint;
}

/** The files that the paths and patterns name, sorted by path, each once. */
export async function findFiles(
  patterns: string | readonly string[],
  paths: Paths,
): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const pattern of typeof patterns === 'string' ? [patterns] : patterns) {
    const matches = await match(localPath(pattern), paths);
    for (const file of await Promise.all(matches.map((path) => look(path, paths))))
      found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function localPath(pattern: string): string {
  if (pattern.startsWith('file://')) return fileURLToPath(pattern);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(pattern)) throw errors.VP_FILES_URL({ url: pattern });
  return pattern;
}

async function match(pattern: string, paths: Paths): Promise<readonly string[]> {
  const whole = paths.resolve(pattern);
  // A file may really be called `a[1].csv`: what exists is meant as it stands.
  // What cannot be looked at for another reason than that it is missing, `look` explains.
  const isThere = await lstat(whole).then(
    () => true,
    (error: unknown) => !isMissing(error) && !/[*?[{]/.test(pattern),
  );
  if (isThere) return [whole];
  if (!/[*?[{]/.test(pattern)) throw await notFound(pattern, paths);

  const matches: string[] = [];
  for await (const entry of glob(pattern, { cwd: paths.project, withFileTypes: true })) {
    if (!entry.isDirectory()) matches.push(resolve(entry.parentPath, entry.name));
  }
  if (matches.length === 0) throw await notFound(pattern, paths);
  return matches;
}

async function notFound(pattern: string, paths: Paths): Promise<Error> {
  const wanted = paths.resolve(pattern);
  let folder = dirname(wanted.replace(/[*?[{].*$/s, ''));
  if (/[*?[{]/.test(pattern)) folder = wanted.replace(/[*?[{].*$/s, '').replace(/[^/\\]*$/, '') || '/';
  const names = await readdir(folder).catch(() => undefined);
  const last = pattern.split('/').at(-1) ?? pattern;
  return errors.VP_FILES_NOT_FOUND({
    pattern,
    folder: nameOf(folder, paths),
    suggestion:
      names === undefined
        ? 'That folder does not exist.'
        : didYouMean(
            last,
            names.filter((n) => !n.startsWith('.')),
          ),
  });
}

async function look(path: string, paths: Paths): Promise<FoundFile> {
  const name = nameOf(path, paths);
  const facts = await stat(path, { bigint: true }).catch(async (error: unknown) => {
    throw unreadable(name, await whyNot(path, error), error);
  });
  if (facts.isDirectory()) throw errors.VP_FILES_IS_FOLDER({ path: name });
  // A pipe cannot be looked into first and read afterwards.
  if (!facts.isFile()) throw unreadable(name, 'it is not a regular file');
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw unreadable(name, 'permission denied', error);
  }
  return { path, name, bytes: Number(facts.size), mtimeNs: facts.mtimeNs };
}

async function whyNot(path: string, error: unknown): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined && isMissing(error)) return `it is a link to ${target}, which does not exist`;
  return isMissing(error) ? 'it was removed meanwhile' : describeThrown(error).replace(/\.$/, '');
}

function unreadable(path: string, reason: string, cause?: unknown): Error {
  return errors.VP_FILES_UNREADABLE({ path, reason }, { cause, at: { file: path } });
}

/** A path as people know it: relative to the project where it lies inside. */
export function nameOf(path: string, paths: Paths): string {
  const name = relative(paths.project, path);
  if (name === '') return 'the project folder';
  return name.startsWith('..') ? path : name;
}
