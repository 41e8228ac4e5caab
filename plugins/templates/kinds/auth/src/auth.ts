import { access, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { type Auth, describeThrown, type Paths } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { errors } from './errors.ts';

const scheme = 'secret://{{id}}/';

/** Answers `secret://{{id}}/<name>` with the file of that name in a mounted folder. */
export function create{{class}}Auth(init: { readonly config: {{class}}Config; readonly paths: Paths }): Auth {
  const folder = init.paths.resolve(init.config.folder ?? '/run/secrets');

  /** The file of a name; none when it lies elsewhere. Mounted secrets are links, which must stay inside. */
  async function fileOf(name: string): Promise<string | undefined> {
    const parts = name.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..') || name.includes('\0')) return undefined;
    try {
      const [home, file] = await Promise.all([realpath(folder), realpath(join(folder, ...parts))]);
      const inside = relative(home, file);
      const leaves = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
      return inside === '' || leaves ? undefined : file;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw errors.VP_{{code}}_UNREADABLE({ name, problem: codeOf(error) });
    }
  }

  return {
    async check({ signal }) {
      signal.throwIfAborted();
      try {
        await access(folder);
        return { ok: true, message: `secrets are read from ${folder}` };
      } catch {
        return { ok: false, message: `${folder} is not there`, hint: 'Mount it, or set `folder` in [auth.{{id}}].' };
      }
    },
    async secret(ref, { signal }) {
      signal.throwIfAborted();
      if (!ref.startsWith(scheme)) return undefined;
      const name = ref.slice(scheme.length);
      const file = await fileOf(name);
      if (file === undefined) return undefined;
      try {
        // Editors and `kubectl` end files with a line break that is no part of the secret.
        return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
      } catch (error) {
        if (isMissing(error) || codeOf(error) === 'EISDIR') return undefined;
        throw errors.VP_{{code}}_UNREADABLE({ name, problem: codeOf(error) });
      }
    },
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : describeThrown(error);

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error));
