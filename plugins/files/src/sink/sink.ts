import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import {
  formatType,
  type JsonObject,
  type PartitionKey,
  type Paths,
  type Sink,
  type TableSchema,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Native } from '../native/reader.ts';
import { type Destination, destinationOf } from './destination.ts';
import { type AnySinkOptions, acceptedFormats, type SinkFormat } from './formats.ts';
import { isMissing, toWriteError } from './fs-error.ts';
import { provenCommits, readManifest } from './manifest.ts';
import { openWriter, recoverDestination } from './writer.ts';

/** What a sink works with. */
export interface FileSinkInit {
  readonly format: SinkFormat;
  readonly paths: Paths;
  readonly native: Native;
}

/** A sink that writes files of one format. */
export function fileSink({ format, paths, native }: FileSinkInit): Sink & AsyncDisposable {
  const owner = randomUUID();
  const locate = (request: {
    readonly options: JsonObject;
    readonly partition?: PartitionKey;
  }): Destination =>
    // The host has checked the options against the manifest's schema.
    destinationOf({
      format,
      options: request.options as unknown as AnySinkOptions,
      partition: request.partition,
      paths,
    });

  return {
    async check({ signal }) {
      signal.throwIfAborted();
      return { ok: true, message: `${format} files below ${paths.project}` };
    },
    async inspect(request, { signal }) {
      signal.throwIfAborted();
      const destination = locate(request);
      const committed = (
        await provenCommits(await readManifest(destination.manifest), destination.folder)
      ).at(-1);
      return {
        location: destination.name,
        exists: await exists(destination),
        formats: acceptedFormats(destination.output),
        ...(committed === undefined ? {} : { committed: committed.meta, schema: committed.schema }),
      };
    },
    async open(request, { signal }) {
      signal.throwIfAborted();
      const destination = locate(request);
      const { mode, schema } = request;
      if (mode === 'merge') throw refusal(destination, mode, 'files have no keys to merge by');
      if (mode === 'append' && destination.file !== undefined)
        throw refusal(
          destination,
          mode,
          'a single file is replaced as a whole, so that it is never half written',
        );
      refuseLoss(destination, schema);
      try {
        await mkdir(destination.folder, { recursive: true });
      } catch (error) {
        throw toWriteError(error, destination.name);
      }
      await recoverDestination(destination);
      return await openWriter({ native, destination, schema, mode, owner });
    },
    async recover(request, { signal }) {
      signal.throwIfAborted();
      return await recoverDestination(locate(request), owner);
    },
    [Symbol.asyncDispose]: () => native[Symbol.asyncDispose](),
  };
}

/** Parquet has intervals of milliseconds and no times of nanoseconds; text keeps both. */
function refuseLoss({ name: path, output: { format } }: Destination, schema: TableSchema): void {
  if (format !== 'parquet') return;
  for (const { name: column, type } of schema.fields) {
    const isLossy = type.kind === 'interval' || (type.kind === 'time' && type.unit === 'ns');
    if (isLossy) throw errors.VP_FILES_LOSS({ path, column, type: formatType(type), format });
  }
}

function refusal({ name }: Destination, mode: string, reason: string): Error {
  return errors.VP_FILES_MODE({ path: name, mode, reason });
}

async function exists({ folder, file }: Destination): Promise<boolean> {
  try {
    await stat(file === undefined ? folder : `${folder}/${file}`);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
