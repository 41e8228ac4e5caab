import type { RowBatch, Value } from '@vp/plugin-sdk';
import type { Decoder } from '../types/decode.ts';
import { type Command, type Packet, sendQuery, type Wire } from './driver.ts';

const batchRows = 4096;
/** Batches that may wait for their reader before the server is made to wait. */
const highWater = 2;

/**
 * The rows of a SELECT by the text protocol, decoded column by column straight out of the bytes that came.
 *
 * Source: MySQL internals manual, "Text Resultset".
 */
export class RowStream implements Command, AsyncIterable<RowBatch> {
  readonly #sql: string;
  readonly #decoders: readonly Decoder[];
  readonly #ready: RowBatch[] = [];
  #columns: Value[][];
  #length = 0;
  #state: 'start' | 'header' | 'columns' | 'rows' = 'start';
  #wire: Wire | undefined;
  #isOver = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(sql: string, decoders: readonly Decoder[]) {
    this.#sql = sql;
    this.#decoders = decoders;
    this.#columns = decoders.map(() => []);
  }

  /** Whether the server has nothing more to say about it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  execute(packet: Packet | undefined, wire: Wire): boolean {
    if (packet === undefined) {
      this.#wire = wire;
      this.#state = 'header';
      sendQuery(wire, this.#sql, hasAttributes(wire));
      return false;
    }
    if (packet.isError()) {
      this.#end(packet.asError('utf8'));
      return true;
    }
    if (this.#state === 'header') this.#state = 'columns';
    else if (this.#state === 'columns') {
      if (packet.isEOF()) this.#state = 'rows';
    } else if (packet.isEOF()) {
      this.#give();
      this.#end();
      return true;
    } else if (this.#error === undefined) this.#row(packet);
    return false;
  }

  #row({ buffer, offset, end }: Packet): void {
    let at = offset;
    try {
      for (let index = 0; index < this.#decoders.length; index++) {
        let size = buffer[at++] as number;
        const column = this.#columns[index] as Value[];
        if (size === 0xfb) {
          column.push(null);
          continue;
        }
        if (size > 0xfb) {
          const width = size === 0xfc ? 2 : size === 0xfd ? 3 : 8;
          size = width === 8 ? Number(buffer.readBigUInt64LE(at)) : buffer.readUIntLE(at, width);
          at += width;
        }
        column.push((this.#decoders[index] as Decoder)(buffer, at, at + size));
        at += size;
      }
    } catch (error) {
      // A value that is refused. What the server still sends is passed over until the connection is closed.
      this.fail(error);
      return;
    }
    if (at !== end) {
      this.fail(new RangeError(`A row of ${end - offset} bytes has ${at - offset} bytes of columns.`));
      return;
    }
    this.#length += 1;
    if (this.#length === batchRows) this.#give();
  }

  #give(): void {
    if (this.#length === 0) return;
    this.#ready.push({ length: this.#length, columns: this.#columns });
    this.#columns = this.#decoders.map(() => []);
    this.#length = 0;
    if (this.#ready.length >= highWater) this.#wire?.stream.pause();
    this.#wake?.();
  }

  #end(error?: unknown): void {
    this.#isOver = true;
    if (error !== undefined) this.#error ??= error;
    this.#wake?.();
  }

  /** Ends the read for whoever waits for it. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.#wake?.();
  }

  onResult(error: unknown): void {
    this.#end(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowBatch> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const batch = this.#ready.shift();
      if (batch !== undefined) {
        if (this.#ready.length < highWater) this.#wire?.stream.resume();
        yield batch;
      } else if (this.#isOver) return;
      else {
        const woken = Promise.withResolvers<void>();
        this.#wake = woken.resolve;
        await woken.promise;
        this.#wake = undefined;
      }
    }
  }
}

/** CLIENT_QUERY_ATTRIBUTES, where the server can them too. */
export function hasAttributes(wire: Wire): boolean {
  const flag = 1 << 27;
  const flags: unknown = 'serverCapabilityFlags' in wire ? wire.serverCapabilityFlags : 0;
  return typeof flags === 'number' && (flags & flag) !== 0;
}
