import { createHash } from 'node:crypto';
import {
  type CallContext,
  type DataFile,
  type Format,
  isVpError,
  type JsonObject,
  type Paths,
  type Payload,
  type ReadRequest,
  type Source,
  type SourceRead,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { compressionOf } from '../file-name.ts';
import type { Native } from '../native/reader.ts';
import { identifier } from '../native/sql.ts';
import type { FilesOptions } from '../options.ts';
import { asDeclared } from './declared.ts';
import { describeFiles, findFileSet } from './describe.ts';
import { toReadError } from './explain.ts';
import type { DescribedFiles } from './file-set.ts';
import { hiveValues } from './hive.ts';
import { relationOf } from './relation.ts';

/** What the source works with. */
export interface FilesSourceInit {
  readonly paths: Paths;
  readonly native: Native;
}

/** The source `files`: files of one format as one table. */
export function filesSource({ paths, native }: FilesSourceInit): Source & AsyncDisposable {
  async function version(options: FilesOptions): Promise<string> {
    const hash = createHash('sha256');
    for (const { path, bytes, mtimeNs } of (await findFileSet(options, paths)).files) {
      hash.update(`${path}\0${bytes}\0${mtimeNs}\n`);
    }
    return hash.digest('hex');
  }

  // Planning and reading look at the same files, one shortly after the other.
  let last: { readonly key: string; readonly set: DescribedFiles } | undefined;
  async function describe(options: FilesOptions): Promise<DescribedFiles> {
    const found = await findFileSet(options, paths);
    const facts = found.files.map((f) => [f.path, f.bytes, String(f.mtimeNs)]);
    const key = JSON.stringify([options, facts]);
    if (last?.key === key) return last.set;
    const set = await describeFiles(found, native);
    last = { key, set };
    return set;
  }

  return {
    async check({ signal }) {
      signal.throwIfAborted();
      return { ok: true, message: `Files below ${paths.project}` };
    },
    async discover({ options }, { signal }) {
      signal.throwIfAborted();
      if (options === undefined) return [];
      const set = await describe(asOptions(options)).catch(none);
      if (set === undefined) return [];
      return [
        {
          options,
          name: set.files.length === 1 ? (set.files[0]?.name ?? '') : patternText(set.options),
          schema: set.schema,
          estimatedBytes: totalBytes(set),
          formats: formatsOf(set),
          bounded: true,
        },
      ];
    },
    async version({ options }, { signal }) {
      signal.throwIfAborted();
      return await version(asOptions(options));
    },
    async read(request, context) {
      context.signal.throwIfAborted();
      const set = asDeclared(await describe(asOptions(request.options)), request.schema);
      context.signal.throwIfAborted();
      return await read(set, request, native, context);
    },
    [Symbol.asyncDispose]: () => native[Symbol.asyncDispose](),
  };
}

/** Options that select no file select no stream; every other fault is one. */
function none(error: unknown): undefined {
  if (isVpError(error) && error.code === 'VP_FILES_NOT_FOUND') return undefined;
  throw error;
}

/** The host has checked them against the manifest's schema of the options. */
function asOptions(options: JsonObject): FilesOptions {
  return options as unknown as FilesOptions;
}

function patternText({ path }: FilesOptions): string {
  return typeof path === 'string' ? path : path.join(', ');
}

function totalBytes(set: DescribedFiles): number {
  return set.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** The native format first; only `rows` where a payload of files cannot say all that reading takes. */
function formatsOf(set: DescribedFiles): readonly Format[] {
  const { records, union } = set.options;
  if (records !== undefined || union === true || set.shape === 'unstructured') return ['rows'];
  return [set.shape === 'newline_delimited' ? 'ndjson' : set.format, 'rows'];
}

async function read(
  set: DescribedFiles,
  request: ReadRequest,
  native: Native,
  context: CallContext,
): Promise<SourceRead> {
  const offered = formatsOf(set);
  if (!offered.includes(request.format)) {
    throw errors.VP_FILES_FORMAT_NOT_OFFERED({ format: request.format, offered: offered.join(', ') });
  }
  const payload =
    request.format === 'rows' ? rows(set, request, native, context) : files(set, request.format);
  return {
    schema: payload.schema,
    bounded: true,
    parts: [payload],
    state: async () => undefined,
    close: async () => undefined,
  };
}

function files(set: DescribedFiles, format: Format): Payload {
  const folders = set.hive.map((f) => f.name);
  return {
    carrier: 'files',
    format,
    schema: set.schema,
    estimatedBytes: totalBytes(set),
    files: set.files.map((file): DataFile => {
      const values = hiveValues(file.path);
      const partition = Object.fromEntries(folders.map((name) => [name, values[name] ?? '']));
      return {
        uri: file.path,
        bytes: file.bytes,
        // Said where it is not what the name says by itself.
        ...(set.compression === compressionOf(file.path) && set.compression === 'none'
          ? {}
          : { compression: set.compression }),
        ...(folders.length === 0 ? {} : { partition }),
      };
    }),
    ...(set.dialect === undefined ? {} : { csv: set.dialect }),
  };
}

function rows(set: DescribedFiles, request: ReadRequest, native: Native, context: CallContext): Payload {
  const wanted = request.columns ?? set.schema.fields.map((f) => f.name);
  const fields = wanted.flatMap((name) => set.schema.fields.filter((f) => f.name === name));
  const schema = { fields };
  const query = `select ${fields.map((f) => identifier(f.name)).join(', ')} from ${relationOf(set)}`;
  async function* batches() {
    try {
      yield* native.batches(query, schema, context);
    } catch (error) {
      context.signal.throwIfAborted();
      throw await toReadError(error, set, native);
    }
  }
  return { carrier: 'rows', format: 'rows', schema, estimatedBytes: totalBytes(set), batches: batches() };
}
