import { execFile } from 'node:child_process';
import { closeSync, constants, createWriteStream, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A byte stream as a path that DuckDB can read. */
export interface StreamFile {
  readonly path: string;
  /** Feeds the stream to the reader; resolves when all is given, rejects with the producer's error. */
  feed(signal: AbortSignal): Promise<void>;
  /** Ends a feed that nobody reads any more. */
  stop(): void;
  remove(): Promise<void>;
}

/** A named pipe: memory stays flat and nothing is written twice. */
export async function openPipe(stream: AsyncIterable<Uint8Array>, folder: string): Promise<StreamFile> {
  const path = join(folder, 'stream');
  await promisify(execFile)('mkfifo', ['-m', '600', path]);
  let isStopped = false;
  let socket: Socket | undefined;
  let wake: (() => void) | undefined;

  /** Waits for the reader: before it is there, what is written and closed would be lost, and it would wait for ever. */
  async function connect(): Promise<Socket | undefined> {
    while (!isStopped) {
      const fd = tryOpen(path);
      if (fd !== undefined) {
        const opened = new Socket({ fd, readable: false, writable: true });
        // A reader that went away is told by its own error.
        for (const event of ['drain', 'close', 'error']) opened.on(event, () => wake?.());
        return opened;
      }
      await sleep(2);
    }
    return undefined;
  }

  async function feed(signal: AbortSignal): Promise<void> {
    socket = await connect();
    try {
      for await (const bytes of stream) {
        signal.throwIfAborted();
        if (isStopped || socket === undefined || socket.destroyed) return;
        if (socket.write(bytes)) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const last = socket;
      if (last !== undefined && !last.destroyed) {
        await new Promise<void>((resolve) => last.write(new Uint8Array(0), () => resolve()));
      }
    } finally {
      socket?.destroy();
    }
  }

  return {
    path,
    feed,
    stop: () => {
      isStopped = true;
      socket?.destroy();
    },
    remove: async () => {
      socket?.destroy();
      await rm(path, { force: true });
    },
  };
}

/** Opened for writing without waiting; fails as long as nobody reads. */
function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENXIO')
      return undefined;
    throw error;
  }
}

/** A file in place of a pipe, where there are none, and for formats whose reader needs whole blocks. */
export async function openSpool(
  stream: AsyncIterable<Uint8Array>,
  folder: string,
  signal: AbortSignal,
): Promise<StreamFile> {
  const path = join(folder, 'stream');
  // Made even when nothing comes.
  closeSync(openSync(path, 'w'));
  await pipeline(Readable.from(stream, { objectMode: true }), createWriteStream(path), { signal });
  return {
    path,
    feed: async () => undefined,
    stop: () => undefined,
    remove: () => rm(path, { force: true }),
  };
}
