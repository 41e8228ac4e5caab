import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errors } from './errors.ts';

/** A file that may define assets. */
export interface PipelineFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the project, with `/`. */
  readonly name: string;
  readonly text: string;
  /** Hash of the text. */
  readonly hash: string;
  /** For SQL files: the asset's name unless the file says otherwise. */
  readonly assetName: string;
}

/** Where pipelines lie unless `[project] pipeline` says otherwise. */
export const defaultPipelinePaths: readonly string[] = ['pipeline.ts', 'assets'];

const isPipelineFile = (name: string): boolean =>
  /\.(ts|mts|js|mjs|sql)$/.test(name) && !/\.(d|test|spec|test-d)\.[a-z]+$/.test(name) && !/^[._]/.test(name);

/** The files that `paths` name, those of folders at any depth, in a stable order. */
export async function pipelineFiles(
  root: string,
  paths: readonly string[] = defaultPipelinePaths,
): Promise<readonly PipelineFile[]> {
  const found = new Map<string, PipelineFile>();
  for (const path of paths) {
    const base = join(root, path);
    const info = await stat(base).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (info === undefined) {
      if (defaultPipelinePaths.includes(path)) continue;
      throw errors.VP_PROJECT_PATH_MISSING({ path });
    }
    const files = info.isDirectory() ? await walk(base) : [base];
    for (const file of files) {
      const from = info.isDirectory() ? relative(base, file) : (file.split(sep).at(-1) ?? file);
      if (!found.has(file)) found.set(file, await read(root, file, from));
    }
  }
  return [...found.values()];
}

async function walk(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return /^(node_modules$|[._])/.test(entry.name) ? [] : walk(path);
        return isPipelineFile(entry.name) ? [path] : [];
      }),
  );
  return files.flat();
}

async function read(root: string, path: string, from: string): Promise<PipelineFile> {
  const text = await readFile(path, 'utf8');
  return {
    path,
    name: relative(root, path).split(sep).join('/'),
    text,
    hash: createHash('sha256').update(text).digest('base64url').slice(0, 22),
    assetName: from
      .replace(/\.\w+$/, '')
      .split(sep)
      .join('.'),
  };
}
