import { mkdir, stat } from 'node:fs/promises';
import type { JsonObject, PartitionKey, Paths, Sink } from '@vp/plugin-sdk';
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
    async check() {
      return { ok: true, message: `${format} files below ${paths.project}` };
    },
    async inspect(request) {
      const destination = locate(request);
      const committed = (
        await provenCommits(await readManifest(destination.manifest), destination.folder)
      ).at(-1);
      return {
        location: destination.name,
        exists: await exists(destination),
        formats: acceptedFormats(destination.output),
        ...(committed === undefined ? {} : { committed: committed.meta }),
      };
    },
    async open(request) {
      const destination = locate(request);
      const { mode, schema } = request;
      if (mode === 'merge') throw refusal(destination, mode, 'files have no keys to merge by');
      if (mode === 'append' && destination.file !== undefined)
        throw refusal(
          destination,
          mode,
          'a single file is replaced as a whole, so that it is never half written',
        );
      try {
        await mkdir(destination.folder, { recursive: true });
      } catch (error) {
        throw toWriteError(error, destination.name);
      }
      await recoverDestination(destination);
      return await openWriter({ native, destination, schema, mode });
    },
    recover: async (request) => await recoverDestination(locate(request)),
    [Symbol.asyncDispose]: () => native[Symbol.asyncDispose](),
  };
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
