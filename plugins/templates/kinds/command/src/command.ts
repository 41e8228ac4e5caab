import { type Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Command, didYouMean, type Paths } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** What is below a folder, biggest first. `request.print` is for people; what it returns is for `--json`. */
export function create{{class}}Command(paths: Paths): Command {
  return {
    async run({ args, flags, print }, { signal }) {
      const entries = await list(paths.state);
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      const asked = typeof args.folder === 'string' ? args.folder : undefined;
      if (asked !== undefined && !folders.includes(asked))
        throw errors.VP_{{code}}_FOLDER({ folder: asked, suggestion: didYouMean(asked, folders) });

      const folder = asked === undefined ? paths.state : join(paths.state, asked);
      const sizes: { readonly path: string; readonly bytes: number }[] = [];
      for (const { name } of await list(folder)) {
        signal.throwIfAborted();
        sizes.push({ path: relative(paths.project, join(folder, name)), bytes: await sizeOf(join(folder, name), signal) });
      }
      const top = typeof flags.top === 'number' ? flags.top : 10;
      const shown = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, top);
      for (const { path, bytes } of shown) print(`${String(bytes).padStart(14)}  ${path}`);
      if (shown.length === 0) print('Nothing is kept here yet.');
      return { entries: shown };
    },
  };
}

/** What is in a folder; nothing when it is not there. */
async function list(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Bytes of a file, or of all files below a folder. Links are not followed. */
async function sizeOf(path: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const stat = await lstat(path);
  if (!stat.isDirectory()) return stat.size;
  let bytes = 0;
  for (const { name } of await list(path)) bytes += await sizeOf(join(path, name), signal);
  return bytes;
}
