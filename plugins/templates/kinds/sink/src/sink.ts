import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeThrown, isVpError, type JsonObject, type Paths, type Sink } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { errors } from './errors.ts';
import { linesOf } from './lines.ts';
import { readTableState, tableFile, writeDurably, writeTableState } from './table-file.ts';

/** Tables as folders of NDJSON files: parts are staged beside those that are there, then named in one rename. */
export function create{{class}}Sink(init: { readonly config: {{class}}Config; readonly paths: Paths }): Sink {
  const root = init.paths.resolve(init.config.folder);
  const folderOf = (options: JsonObject) => join(root, String(options.table));

  /** What the file system refuses, as an error that says what to do. */
  async function using<T>(folder: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (isVpError(cause) || !(cause instanceof Error && 'syscall' in cause)) throw cause;
      throw errors.VP_{{code}}_FOLDER({ folder, problem: describeThrown(cause) }, { cause });
    }
  }

  /** Files that no commit has named: of writes that died. */
  async function strays(folder: string): Promise<readonly string[]> {
    const state = await readTableState(folder);
    const names = state === undefined && !(await exists(folder)) ? [] : await readdir(folder);
    return names.filter((name) => name !== tableFile && state?.files.includes(name) !== true).sort();
  }

  return {
    async check({ signal }) {
      signal.throwIfAborted();
      try {
        const folder = await nearest(root);
        if (!(await stat(folder)).isDirectory()) return { ok: false, message: `${folder} is no folder` };
        await access(folder, constants.W_OK);
        return { ok: true, message: `${root} can be written to` };
      } catch (error) {
        return { ok: false, message: `${root} cannot be written to: ${describeThrown(error)}` };
      }
    },

    async inspect({ options }, { signal }) {
      signal.throwIfAborted();
      const folder = folderOf(options);
      const state = await using(folder, () => readTableState(folder));
      return {
        location: folder,
        exists: state !== undefined,
        formats: ['rows'],
        ...(state === undefined ? {} : { schema: state.schema, committed: state.committed }),
      };
    },

    async open({ options, schema, mode }, { signal }) {
      signal.throwIfAborted();
      if (mode !== 'replace' && mode !== 'append') throw errors.VP_{{code}}_MODE({ mode });
      const folder = folderOf(options);
      await using(folder, () => mkdir(folder, { recursive: true }));
      let staged: { readonly name: string; readonly rows: number }[] = [];
      const forget = () => Promise.all(staged.map(({ name }) => rm(join(folder, name), { force: true })));

      return {
        async write(payload, context) {
          context.signal.throwIfAborted();
          const name = `part-${randomUUID()}.ndjson`;
          let rows = 0;
          const count = (more: number) => {
            rows += more;
            context.progress({ rows });
          };
          try {
            const lines = linesOf(payload, { signal: context.signal, count });
            const bytes = await using(folder, () => writeDurably(join(folder, name), lines));
            staged.push({ name, rows });
            return { rows, bytes };
          } catch (error) {
            await rm(join(folder, name), { force: true });
            throw error;
          }
        },

        async commit(meta, context) {
          context.signal.throwIfAborted();
          const rows = staged.reduce((sum, part) => sum + part.rows, 0);
          const before = await readTableState(folder);
          // The answer to an earlier commit was lost: it is done, and what is staged again goes at close.
          if (before?.committed.token === meta.token) return { location: folder, stats: { rows } };
          const names = staged.map(({ name }) => name);
          const files = mode === 'append' ? [...(before?.files ?? []), ...names] : names;
          await using(folder, () => writeTableState(folder, { schema, files, committed: meta }));
          staged = [];
          for (const name of before?.files ?? [])
            if (!files.includes(name)) await rm(join(folder, name), { force: true });
          return { location: folder, stats: { rows } };
        },

        async close() {
          await forget();
          staged = [];
        },
      };
    },

    async recover({ options }, { signal }) {
      signal.throwIfAborted();
      const folder = folderOf(options);
      const found = await using(folder, () => strays(folder));
      for (const name of found) await rm(join(folder, name), { force: true });
      return found;
    },
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The folder, or the nearest one above it that exists: where it would be made. */
async function nearest(folder: string): Promise<string> {
  return (await exists(folder)) || dirname(folder) === folder ? folder : await nearest(dirname(folder));
}
