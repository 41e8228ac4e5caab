import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { describeThrown } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Compression } from '../file-name.ts';
import type { FoundFile } from './find-files.ts';

/** The beginning of a file's text, decompressed. */
export interface Head {
  readonly bytes: Buffer;
  /** Whether these are all the bytes there are. */
  readonly isWhole: boolean;
}

/** Reads at most `limit` bytes of a file's content. */
export async function readHead(file: FoundFile, compression: Compression, limit: number): Promise<Head> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of content(file.path, compression, limit)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) break;
    }
  } catch (error) {
    throw errors.VP_FILES_TRUNCATED(
      { path: file.name, reason: `its ${compression} stream is broken (${describeThrown(error)})` },
      { cause: error, at: { file: file.name } },
    );
  }
  const bytes = Buffer.concat(chunks);
  return { bytes: bytes.subarray(0, limit), isWhole: length <= limit };
}

function content(path: string, compression: Compression, limit: number): Readable {
  if (compression === 'none') return createReadStream(path, { end: limit, highWaterMark: 1 << 20 });
  const raw = createReadStream(path);
  const decoder = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  raw.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => raw.destroy());
  return raw.pipe(decoder);
}
