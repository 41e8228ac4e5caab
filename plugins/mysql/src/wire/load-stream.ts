import { type Command, type Packet, sendPacket, sendQuery, type Wire } from './driver.ts';
import { hasAttributes } from './row-stream.ts';

/** Bytes that go into one packet: the server copies each into its buffer. */
const pieceBytes = 1 << 20;

/** `LOAD DATA LOCAL INFILE` with back-pressure, and with an end that is told from a failure. */
export class LoadStream implements Command {
  readonly #sql: string;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<{ readonly rows: number; readonly warnings: number }>();
  #wire: Wire | undefined;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(sql: string) {
    this.#sql = sql;
    // Whoever writes hears of it at the next call.
    this.#opened.promise.catch(() => {});
    this.#closed.promise.catch(() => {});
  }

  execute(packet: Packet | undefined, wire: Wire): boolean {
    if (packet === undefined) {
      this.#wire = wire;
      sendQuery(wire, this.#sql, hasAttributes(wire));
      return false;
    }
    if (packet.isError()) {
      this.onResult(packet.asError('utf8'));
      return true;
    }
    const { buffer, offset } = packet;
    if (buffer[offset] === 0xfb) {
      this.#opened.resolve();
      return false;
    }
    this.#closed.resolve(okOf(buffer, offset));
    return true;
  }

  onResult(error: unknown): void {
    this.#error = error;
    this.#wake?.();
    this.#opened.reject(error);
    this.#closed.reject(error);
  }

  /** Resolves when the server is ready for data. */
  async open(): Promise<void> {
    await this.#opened.promise;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      if (this.#error !== undefined) throw this.#error;
      const wire = this.#wire as Wire;
      if (sendPacket(wire, bytes.subarray(from, from + pieceBytes), wire.sequenceId)) continue;
      await this.#drained(wire);
    }
    if (this.#error !== undefined) throw this.#error;
  }

  /** Until there is room, or nothing more to wait for. */
  async #drained({ stream }: Wire): Promise<void> {
    const free = Promise.withResolvers<void>();
    const go = () => free.resolve();
    this.#wake = go;
    stream.once('drain', go).once('close', go);
    await free.promise;
    stream.off('drain', go).off('close', go);
    this.#wake = undefined;
  }

  /** Ends the data. @returns rows, and how often the server changed a value to make it fit */
  async end(): Promise<{ readonly rows: number; readonly warnings: number }> {
    const wire = this.#wire as Wire;
    if (this.#error === undefined) sendPacket(wire, new Uint8Array(0), wire.sequenceId);
    return this.#closed.promise;
  }
}

/** Source: MySQL internals manual, "OK_Packet": rows as a packed number, last id as another, status, warnings. */
function okOf(buffer: Buffer, offset: number): { readonly rows: number; readonly warnings: number } {
  let at = offset + 1;
  const packed = (): number => {
    const first = buffer[at++] as number;
    if (first < 0xfb) return first;
    const width = first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
    const value = width === 8 ? Number(buffer.readBigUInt64LE(at)) : buffer.readUIntLE(at, width);
    at += width;
    return value;
  };
  const rows = packed();
  packed();
  return { rows, warnings: buffer.readUInt16LE(at + 2) };
}
