import type { Connection, Submittable } from 'pg';

const copyData = 0x64; // d
const copyDone = 0x63; // c
/** Bytes that may wait for their reader before the server is made to wait. */
const highWater = 4 << 20;

/**
 * `COPY … TO STDOUT`, as it comes: chunks of whole CopyData messages (`d`, length, payload), which another
 * server takes as they are, and which a decoder walks through without a copy of each row. The driver's own
 * reader would make an object of every row.
 *
 * Source: PostgreSQL documentation, "Frontend/Backend Protocol", message formats.
 */
export class CopyOut implements Submittable, AsyncIterable<Buffer> {
  readonly #text: string;
  readonly #ready: Buffer[] = [];
  #waiting = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that the message at the front of what is held needs, when known. */
  #needed = 0;
  #wire: Connection | undefined;
  #driver: ((chunk: Buffer) => void) | undefined;
  #isOver = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  submit(wire: Connection): void {
    this.#wire = wire;
    const [driver] = wire.stream.listeners('data');
    this.#driver = driver as (chunk: Buffer) => void;
    wire.stream.removeListener('data', this.#driver);
    wire.stream.on('data', this.#take);
    wire.query(this.#text);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < this.#needed) return;
    const bytes = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    this.#needed = 0;
    let from = 0;
    let at = 0;
    while (at + 5 <= bytes.length) {
      const code = bytes[at];
      const next = at + 1 + bytes.readUInt32BE(at + 1);
      if (code === copyData) {
        if (next > bytes.length) {
          this.#needed = next - at;
          break;
        }
        at = next;
        continue;
      }
      this.#give(bytes, from, at);
      // An error, or the end of the statement: the driver knows what to do with it.
      if (code === 0x45 || code === 0x43 || code === 0x5a) {
        this.#handBack(bytes.subarray(at));
        return;
      }
      if (next > bytes.length) {
        from = at;
        break;
      }
      at = next;
      from = next;
      if (code === copyDone) {
        this.#handBack(bytes.subarray(at));
        return;
      }
    }
    if (at > from) this.#give(bytes, from, at);
    const rest = bytes.subarray(at);
    if (rest.length > 0) {
      this.#held = [rest];
      this.#heldBytes = rest.length;
    }
  };

  #give(bytes: Buffer, from: number, to: number): void {
    if (to <= from) return;
    const part = bytes.subarray(from, to);
    this.#ready.push(part);
    this.#waiting += part.length;
    if (this.#waiting > highWater) this.#wire?.stream.pause();
    this.#wake?.();
  }

  #handBack(rest: Buffer): void {
    const { stream } = this.#wire ?? {};
    if (stream === undefined || this.#driver === undefined) return;
    stream.removeListener('data', this.#take);
    stream.on('data', this.#driver);
    stream.resume();
    if (rest.length > 0) this.#driver(rest);
  }

  handleError(error: unknown): void {
    this.#error = error;
    this.#end();
  }

  handleReadyForQuery(): void {
    this.#end();
  }

  handleCommandComplete(): void {
    // The end comes with ReadyForQuery.
  }

  #end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const part = this.#ready.shift();
      if (part !== undefined) {
        this.#waiting -= part.length;
        if (this.#waiting < highWater / 2) this.#wire?.stream.resume();
        yield part;
      } else if (this.#isOver) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        const woken = Promise.withResolvers<void>();
        this.#wake = woken.resolve;
        await woken.promise;
        this.#wake = undefined;
      }
    }
  }
}
