import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  type CallContext,
  collectRows,
  isVpError,
  type JsonObject,
  type Logger,
  type Paths,
  type Row,
  type Source,
  type TableSchema,
  type VpErrorJson,
} from '@vp/plugin-sdk';
import { onTestFinished } from 'vitest';
import { createNative, type Native } from '../src/native/reader.ts';
import { filesSource } from '../src/source/source.ts';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};

/** A call that nobody aborts. */
export function callContext(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, logger: silent, progress: () => undefined };
}

/** A project folder for one test, with a source over it. */
export interface Workbench {
  readonly folder: string;
  readonly paths: Paths;
  readonly native: Native;
  readonly source: Source;
  put(name: string, content: string | Uint8Array): Promise<string>;
  /** With `schema`, as an asset that declares it. */
  rows(options: JsonObject, schema?: TableSchema): Promise<readonly Row[]>;
  /** The error that reading gives. */
  failure(options: JsonObject, schema?: TableSchema): Promise<VpErrorJson>;
}

/** Makes a {@link Workbench}, removed when the test is over. */
export async function openWorkbench(folder?: string): Promise<Workbench> {
  const project = folder ?? (await mkdtemp(join(tmpdir(), 'vp-files-')));
  const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
  const native = createNative({ spill: join(project, '.vp/tmp'), memory: '512MB' });
  onTestFinished(async () => {
    await native[Symbol.asyncDispose]();
    if (folder === undefined) await rm(project, { recursive: true, force: true });
  });
  const source = filesSource({ paths, native });
  const rows = async (options: JsonObject, schema?: TableSchema) => {
    const wanted = { options, format: 'rows' as const, ...(schema === undefined ? {} : { schema }) };
    const read = await source.read(wanted, callContext());
    const parts = await Promise.all(read.parts.map(collectRows));
    await read.close();
    return parts.flat();
  };
  return {
    folder: project,
    paths,
    native,
    source,
    rows,
    async put(name, content) {
      const path = join(project, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    failure: async (options, schema) => errorOf(rows(options, schema)),
  };
}

/** The `VpError` with which a promise rejects. */
export async function errorOf(promise: Promise<unknown>): Promise<VpErrorJson> {
  try {
    await promise;
  } catch (error) {
    if (isVpError(error)) return error.toJSON();
    throw error;
  }
  throw new Error('It did not fail.');
}
