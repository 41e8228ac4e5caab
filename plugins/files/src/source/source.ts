import { createHash } from 'node:crypto';
import type {
  CallContext,
  DataFile,
  Format,
  JsonObject,
  Paths,
  Payload,
  ReadRequest,
  Source,
  SourceRead,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Native } from '../native/reader.ts';
import { identifier } from '../native/sql.ts';
import type { FilesOptions } from '../options.ts';
import { describeFiles, findFileSet } from './describe.ts';
import { toFileError } from './explain.ts';
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

  const describe = async (options: FilesOptions) =>
    await describeFiles(await findFileSet(options, paths), native);

  return {
    async check() {
      return { ok: true, message: `Files below ${paths.project}` };
    },
    async discover({ options }) {
      if (options === undefined) return [];
      const set = await describe(asOptions(options));
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
    version: async ({ options }) => await version(asOptions(options)),
    read: async (request, context) =>
      await read(await describe(asOptions(request.options)), request, native, context),
    [Symbol.asyncDispose]: () => native[Symbol.asyncDispose](),
  };
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
        compression: set.compression,
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
      throw toFileError(error, set);
    }
  }
  return { carrier: 'rows', format: 'rows', schema, estimatedBytes: totalBytes(set), batches: batches() };
}
