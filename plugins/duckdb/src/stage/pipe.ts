import { execFile } from 'node:child_process';
import { constants, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/** A byte stream as a path that DuckDB can read. */
export interface StreamFile {
  readonly path: string;
  /** Feeds the stream in; resolves when all is given, rejects with the producer's error. */
  feed(signal: AbortSignal): Promise<void>;
  /** Ends a feed that nobody reads any more. */
  stop(): void;
  remove(): Promise<void>;
}

/** A named pipe, so that memory stays flat and nothing is written twice; a file where there are no pipes. */
export async function openStreamFile(stream: AsyncIterable<Uint8Array>, folder: string): Promise<StreamFile> {
  const path = join(folder, 'stream');
  if (process.platform === 'win32') return spool(stream, path);
  await promisify(execFile)('mkfifo', ['-m', '600', path]);
  // Opened for reading too, so that the open waits for nobody; DuckDB sees the end once it is closed.
  const handle = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd: handle.fd, readable: false, writable: true });
  let isStopped = false;
  let wake: (() => void) | undefined;
  socket.on('drain', () => wake?.());
  socket.on('close', () => wake?.());
  socket.on('error', () => wake?.());
  return {
    path,
    feed: async (signal) => {
      try {
        for await (const bytes of stream) {
          signal.throwIfAborted();
          if (isStopped) return;
          if (!socket.write(bytes)) await new Promise<void>((resolve) => (wake = resolve));
        }
        if (!isStopped)
          await new Promise<void>((resolve) => socket.write(new Uint8Array(0), () => resolve()));
      } finally {
        socket.destroy();
      }
    },
    stop: () => {
      isStopped = true;
      socket.destroy();
    },
    remove: async () => {
      socket.destroy();
      await rm(path, { force: true });
    },
  };
}

async function spool(stream: AsyncIterable<Uint8Array>, path: string): Promise<StreamFile> {
  await pipeline(Readable.from(stream), createWriteStream(path));
  return {
    path,
    feed: async () => undefined,
    stop: () => undefined,
    remove: () => rm(path, { force: true }),
  };
}
