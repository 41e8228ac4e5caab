import { ByteWriter } from './byte-writer.ts';
import { WireFault } from './fault.ts';
import { limits } from './limits.ts';

/** What frames are for. `id` names a call, a stream or a scope, by kind. */
export const kinds = {
  /** A method and its arguments; answered by `result` or `error`. */
  call: 1,
  result: 2,
  error: 3,
  /** Aborts the signal of the scope `id`. */
  cancel: 4,
  /** The scope `id` is over. */
  release: 5,
  /** The consumer of a stream takes so many more items. */
  pull: 6,
  item: 7,
  end: 8,
  fail: 9,
  /** The consumer of a stream gives up; answered by `end` or `fail`. */
  stop: 10,
  /** A message without an answer. */
  note: 11,
  ping: 12,
  pong: 13,
} as const;

const known = new Set<number>(Object.values(kinds));

/** Bytes before a frame's payload: magic, version, kind, 0, length, id, 0. A multiple of 8. */
const headerBytes = 16;

const magic = 0x56;
const version = 1;

/** A frame as it arrived. */
export interface Frame {
  readonly kind: number;
  readonly id: number;
  /** A buffer of its own, so that typed arrays can lie over it. */
  readonly payload: Buffer;
}

/** Begins a frame: its payload is appended, then {@link finishFrame} fills in the header. */
export function beginFrame(size?: number): ByteWriter {
  const writer = new ByteWriter(size);
  writer.reserve(headerBytes);
  return writer;
}

export function finishFrame(writer: ByteWriter, kind: number, id: number): Buffer {
  const bytes = writer.bytes();
  bytes[0] = magic;
  bytes[1] = version;
  bytes[2] = kind;
  bytes[3] = 0;
  bytes.writeUInt32LE(bytes.length - headerBytes, 4);
  bytes.writeUInt32LE(id, 8);
  bytes.writeUInt32LE(0, 12);
  return bytes;
}

/** Puts frames together from the pieces in which bytes arrive. */
export class FrameReader {
  readonly #header = Buffer.alloc(headerBytes);
  #headerFilled = 0;
  #payload: Buffer | undefined;
  #filled = 0;

  /** Gives the frames that `chunk` completes. @throws WireFault */
  *read(chunk: Buffer): Generator<Frame> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === undefined) {
        const copied = chunk.copy(this.#header, this.#headerFilled, at);
        this.#headerFilled += copied;
        at += copied;
        if (this.#headerFilled < headerBytes) return;
        this.#payload = Buffer.allocUnsafeSlow(this.#announced());
        this.#filled = 0;
      }
      const copied = chunk.copy(this.#payload, this.#filled, at);
      this.#filled += copied;
      at += copied;
      if (this.#filled < this.#payload.length) return;
      const payload = this.#payload;
      this.#payload = undefined;
      this.#headerFilled = 0;
      yield { kind: this.#header.readUInt8(2), id: this.#header.readUInt32LE(8), payload };
    }
  }

  #announced(): number {
    const header = this.#header;
    if (header[0] !== magic) throw new WireFault('bytes that are no frame');
    if (header[1] !== version) throw new WireFault(`a frame of version ${header[1]}`);
    const kind = header.readUInt8(2);
    if (!known.has(kind) || header[3] !== 0 || header.readUInt32LE(12) !== 0) {
      throw new WireFault(`a frame of kind ${kind}`);
    }
    const length = header.readUInt32LE(4);
    const most = kind === kinds.item ? limits.dataFrame : limits.controlFrame;
    if (length > most) throw new WireFault(`a frame of ${length} bytes, ${most} at most`);
    return length;
  }
}
