import { setImmediate, setTimeout } from 'node:timers/promises';
import type { RowBatch, TableSchema } from '@vp/contracts';
import { decodeBatch, encodeBatch, rowsPerFrame } from './batch.ts';
import { ByteReader } from './byte-reader.ts';
import { WireFault } from './fault.ts';
import { beginFrame, finishFrame, kinds } from './frame.ts';
import { cut, limits, window } from './limits.ts';
import { type Crossing, decodeValue, encodeValue } from './value.ts';

/** What flows: batches of rows, bytes, or values. */
export type Flow =
  | { readonly kind: 'batches'; readonly schema: TableSchema; readonly items: AsyncIterable<RowBatch> }
  | { readonly kind: 'bytes'; readonly items: AsyncIterable<Uint8Array> }
  | { readonly kind: 'values'; readonly items: AsyncIterable<unknown> };

/** How frames leave. There are never more under way than the consumer asked for: the pipe needs no further brake. */
export type Send = (frame: Buffer) => void;

/** A stream that this end produces, as fast as the other end takes it. */
export class Outgoing {
  readonly #id: number;
  readonly #flow: Flow;
  readonly #send: Send;
  readonly #describe: (thrown: unknown) => unknown;
  #credits = 0;
  #isStopped = false;
  #isRunning = false;
  #wake: (() => void) | undefined;
  #bytesPerRow = 64;
  readonly #done: () => void;

  constructor(init: {
    readonly id: number;
    readonly flow: Flow;
    readonly send: Send;
    readonly describe: (thrown: unknown) => unknown;
    readonly done: () => void;
  }) {
    this.#id = init.id;
    this.#flow = init.flow;
    this.#send = init.send;
    this.#describe = init.describe;
    this.#done = init.done;
  }

  pull(credits: number): void {
    this.#credits += credits;
    this.#notify();
    if (!this.#isRunning) this.#start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#notify();
    if (!this.#isRunning) this.#start();
  }

  #start(): void {
    this.#isRunning = true;
    void this.#run();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Whether there is a credit for one more item; `false` when nobody wants any. */
  async #credit(): Promise<boolean> {
    while (this.#credits === 0 && !this.#isStopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isStopped) return false;
    this.#credits -= 1;
    return true;
  }

  async #run(): Promise<void> {
    let last: Buffer;
    try {
      if (!this.#isStopped) await this.#pump();
      last = finishFrame(beginFrame(), kinds.end, this.#id);
    } catch (thrown) {
      const writer = beginFrame();
      encodeValue(writer, this.#describe(thrown));
      last = finishFrame(writer, kinds.fail, this.#id);
    }
    this.#done();
    this.#send(last);
  }

  async #pump(): Promise<void> {
    const flow = this.#flow;
    const iterator: AsyncIterator<unknown> = flow.items[Symbol.asyncIterator]();
    let isEnded = false;
    try {
      while (await this.#credit()) {
        const next = await iterator.next();
        if (next.done === true) {
          isEnded = true;
          return;
        }
        // The first piece has the credit that was just taken.
        if (!(await this.#item(flow, next.value))) return;
      }
    } catch (thrown) {
      isEnded = true;
      throw thrown;
    } finally {
      if (!isEnded) await iterator.return?.();
    }
  }

  /** Sends an item, in pieces when it is large. Gives false when the consumer has had enough. */
  async #item(flow: Flow, value: unknown): Promise<boolean> {
    if (flow.kind === 'batches') return await this.#batch(flow.schema, value as RowBatch);
    if (flow.kind === 'bytes') return await this.#bytes(value as Uint8Array);
    const writer = beginFrame();
    encodeValue(writer, value);
    this.#send(finishFrame(writer, kinds.item, this.#id));
    return true;
  }

  async #batch(schema: TableSchema, batch: RowBatch): Promise<boolean> {
    let from = 0;
    do {
      if (from > 0 && !(await this.#credit())) return false;
      const rows = Math.min(rowsPerFrame(schema, this.#bytesPerRow), batch.length - from);
      const writer = beginFrame(Math.min(this.#bytesPerRow * rows + 1_024, cut.batch * 2));
      encodeBatch(writer, schema, { batch, from, to: from + rows });
      this.#bytesPerRow = Math.ceil((writer.length * 1.05) / Math.max(rows, 1));
      this.#send(finishFrame(writer, kinds.item, this.#id));
      from += rows;
      // A producer that never waits would keep the event loop from turning: nothing would leave or arrive.
      await setImmediate();
    } while (from < batch.length);
    return true;
  }

  async #bytes(bytes: Uint8Array): Promise<boolean> {
    let from = 0;
    do {
      if (from > 0 && !(await this.#credit())) return false;
      const piece = bytes.subarray(from, from + cut.chunk);
      const writer = beginFrame(piece.length + 64);
      writer.raw(piece);
      this.#send(finishFrame(writer, kinds.item, this.#id));
      from += piece.length;
    } while (from < bytes.length);
    return true;
  }
}

/** Milliseconds that a producer has for ending a stream that nobody wants any more. */
const patience = 5_000;

/** Bytes of an item at most. A single row may be as large as a frame. */
const largest = { batches: limits.dataFrame, bytes: cut.chunk, values: limits.controlFrame } as const;

/** What an incoming stream carries. */
export type Expected =
  | { readonly kind: 'batches'; readonly schema: TableSchema }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'values' };

/** An item that has arrived: a batch, bytes or a value, by what the stream carries. */
export type Item = RowBatch | Uint8Array | Crossing;

/** A stream that the other end produces. Read once; `return` ends it. */
export class Incoming implements AsyncIterableIterator<Item> {
  readonly id: number;
  readonly #expected: Expected;
  readonly #write: (frame: Buffer) => void;
  readonly #account: (bytes: number) => void;
  readonly #queue: { readonly item: Item; readonly bytes: number }[] = [];
  #credits = 0;
  #isOver = false;
  #isStopping = false;
  #failure: { readonly thrown: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(init: {
    readonly id: number;
    readonly expected: Expected;
    readonly write: (frame: Buffer) => void;
    readonly account: (bytes: number) => void;
  }) {
    this.id = init.id;
    this.#expected = init.expected;
    this.#write = init.write;
    this.#account = init.account;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#credits === 0 && this.#queue.length === 0 && !this.#isOver)
      this.#pull(window[this.#expected.kind]);
    while (this.#queue.length === 0) {
      if (this.#failure !== undefined) throw this.#failure.thrown;
      if (this.#isOver || this.#isStopping) return { done: true, value: undefined };
      await this.#news();
    }
    const taken = this.#queue.shift();
    if (taken === undefined) return { done: true, value: undefined };
    this.#account(-taken.bytes);
    if (!this.#isOver && !this.#isStopping) this.#pull(1);
    return { done: false, value: taken.item };
  }

  /** Tells the producer to stop and waits until it has cleaned up. */
  async return(): Promise<IteratorResult<Item, undefined>> {
    if (!this.#isOver && !this.#isStopping) {
      this.#isStopping = true;
      this.#write(finishFrame(beginFrame(), kinds.stop, this.id));
    }
    this.#clear();
    if (!this.#isOver) await Promise.race([this.#ending(), setTimeout(patience, undefined, { ref: false })]);
    return { done: true, value: undefined };
  }

  /** An item has arrived. @throws WireFault */
  arrived(payload: Buffer): void {
    if (this.#credits === 0) throw new WireFault('more data than was asked for');
    this.#credits -= 1;
    if (payload.length > largest[this.#expected.kind])
      throw new WireFault(`an item of ${payload.length} bytes`);
    if (this.#isStopping) return;
    const item = this.#decode(payload);
    this.#queue.push({ item, bytes: payload.length });
    this.#account(payload.length);
    this.#notify();
  }

  /** No more items; `failure` when it did not end well. */
  over(failure?: { readonly thrown: unknown }): void {
    this.#isOver = true;
    this.#failure = failure;
    this.#notify();
  }

  #decode(payload: Buffer): Item {
    switch (this.#expected.kind) {
      case 'batches':
        return decodeBatch(payload, 0, this.#expected.schema);
      case 'bytes':
        return payload;
      case 'values': {
        const reader = new ByteReader(payload);
        const value = decodeValue(reader);
        reader.end();
        return value;
      }
    }
  }

  #clear(): void {
    for (const { bytes } of this.#queue.splice(0)) this.#account(-bytes);
  }

  #pull(credits: number): void {
    this.#credits += credits;
    const writer = beginFrame();
    writer.u32(credits);
    this.#write(finishFrame(writer, kinds.pull, this.id));
  }

  async #ending(): Promise<void> {
    while (!this.#isOver) await this.#news();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      const previous = this.#wake;
      this.#wake = () => {
        previous?.();
        resolve();
      };
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
