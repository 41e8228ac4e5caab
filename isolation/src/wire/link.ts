import type { Duplex, Readable } from 'node:stream';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CannotCross, WireFault } from './fault.ts';
import { beginFrame, type Frame, FrameReader, finishFrame, kinds } from './frame.ts';
import { limits } from './limits.ts';
import { type Expected, type Flow, Incoming, Outgoing } from './streams.ts';
import { type Crossing, type DecodeOptions, decodeValue, type EncodeOptions, encodeValue } from './value.ts';

/** How one end sees the other. The two ends differ in what they know and whom they trust, not in how they talk. */
export interface LinkInit {
  readonly socket: Duplex;
  /** Where what this end's streams give is written; the socket when left out. */
  readonly writeData?: (frame: Buffer) => void;
  /** Where what the other end's streams give arrives; the socket when left out. */
  readonly data?: Readable;
  readonly encode?: EncodeOptions;
  readonly decode?: DecodeOptions;
  /** Carries out a call of the other end. */
  onCall(method: string, args: Crossing): Promise<unknown>;
  onNote(note: Crossing): void;
  onCancel(scope: number, reason: Crossing): void;
  onRelease(scope: number): void;
  onPong(): void;
  /** The other end broke the protocol, or is gone. Called once. */
  onEnd(reason: Error): void;
  /** A thrown thing as data, and back. */
  describe(thrown: unknown): unknown;
  revive(data: Crossing): unknown;
}

interface Pending {
  resolve(value: Crossing): void;
  reject(reason: unknown): void;
}

/** Calls, notes and streams in both directions over one pipe. */
export class Link {
  readonly #init: LinkInit;
  readonly #sendData: (frame: Buffer) => void;
  readonly #calls = new Map<number, Pending>();
  readonly #served = new Set<number>();
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Map<number, Incoming>();
  #lastCall = 0;
  #lastOutgoing = 0;
  #unread = 0;
  #ended: Error | undefined;

  constructor(init: LinkInit) {
    this.#init = init;
    const { socket, data } = init;
    this.#sendData = init.writeData ?? ((frame) => this.#write(frame));
    this.#listen(socket, (kind) => data === undefined || !isData(kind));
    if (data !== undefined) this.#listen(data, isData);
  }

  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Whether somebody waits for something. */
  get isBusy(): boolean {
    return this.#calls.size + this.#served.size + this.#incoming.size + this.#outgoing.size > 0;
  }

  async call(method: string, args: unknown): Promise<Crossing> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#calls.size >= limits.calls) throw new Error(`More than ${limits.calls} calls at once.`);
    const writer = beginFrame();
    encodeValue(writer, [method, args], this.#init.encode);
    checkSize(writer);
    this.#lastCall += 1;
    const id = this.#lastCall;
    const answer = new Promise<Crossing>((resolve, reject) => this.#calls.set(id, { resolve, reject }));
    this.#write(finishFrame(writer, kinds.call, id));
    return await answer;
  }

  note(note: unknown): void {
    if (this.#ended !== undefined) return;
    const writer = beginFrame();
    encodeValue(writer, note, this.#init.encode);
    checkSize(writer);
    this.#write(finishFrame(writer, kinds.note, 0));
  }

  cancel(scope: number, reason: unknown): void {
    const writer = beginFrame();
    encodeValue(writer, this.#init.describe(reason));
    this.#write(finishFrame(writer, kinds.cancel, scope));
  }

  release(scope: number): void {
    this.#write(finishFrame(beginFrame(), kinds.release, scope));
  }

  ping(): void {
    this.#write(finishFrame(beginFrame(), kinds.ping, 0));
  }

  /** Offers a stream; what it gives goes to the other end inside a value. */
  produce(flow: Flow): number {
    if (this.#outgoing.size >= limits.streams)
      throw new Error(`More than ${limits.streams} streams at once.`);
    this.#lastOutgoing += 1;
    const id = this.#lastOutgoing;
    const outgoing = new Outgoing({
      id,
      flow,
      send: (frame) => (this.#ended === undefined ? this.#sendData(frame) : undefined),
      describe: this.#init.describe,
      done: () => this.#outgoing.delete(id),
    });
    this.#outgoing.set(id, outgoing);
    return id;
  }

  /** Takes a stream that the other end has offered. @throws WireFault */
  consume(id: unknown, expected: Expected): Incoming {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || this.#incoming.has(id)) {
      throw this.#fault('a stream that is open already');
    }
    if (this.#incoming.size >= limits.streams) throw this.#fault('too many streams');
    const incoming = new Incoming({
      id,
      expected,
      write: (frame) => this.#write(frame),
      account: (bytes) => {
        this.#unread += bytes;
      },
    });
    if (this.#ended === undefined) this.#incoming.set(id, incoming);
    else incoming.over({ thrown: this.#ended });
    return incoming;
  }

  /** Ends everything: whoever waits is told `reason`. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#init.onEnd(reason);
    for (const { reject } of this.#calls.values()) reject(reason);
    for (const incoming of this.#incoming.values()) incoming.over({ thrown: reason });
    for (const outgoing of this.#outgoing.values()) outgoing.stop();
    this.#calls.clear();
    this.#incoming.clear();
    this.#outgoing.clear();
    this.#init.socket.destroy();
    this.#init.data?.destroy();
  }

  /** What whoever waits is told from now on, e.g. when it is known how the process ended. */
  get reason(): Error | undefined {
    return this.#ended;
  }

  #fault(what: string): WireFault {
    const fault = new WireFault(what);
    this.end(fault);
    return fault;
  }

  #write(frame: Buffer): void {
    if (this.#ended === undefined) this.#init.socket.write(frame);
  }

  #listen(pipe: Readable, belongs: (kind: number) => boolean): void {
    const reader = new FrameReader();
    pipe.on('data', (chunk: Buffer) => this.#read(chunk, { reader, belongs }));
    pipe.on('error', (error) => this.end(error));
    pipe.on('close', () => this.end(new Error('The other end is gone.')));
    pipe.on('end', () => this.end(new Error('The other end is gone.')));
  }

  #read(
    chunk: Buffer,
    { reader, belongs }: { readonly reader: FrameReader; readonly belongs: (kind: number) => boolean },
  ): void {
    try {
      for (const frame of reader.read(chunk)) {
        if (this.#ended !== undefined) return;
        if (!belongs(frame.kind)) throw new WireFault(`a frame of kind ${frame.kind} in the wrong pipe`);
        this.#take(frame);
      }
    } catch (error) {
      this.end(error instanceof Error ? error : new WireFault('bytes that are no frame'));
    }
  }

  #take({ kind, id, payload }: Frame): void {
    switch (kind) {
      case kinds.call:
        this.#serve(id, payload);
        return;
      case kinds.result: {
        // Read first: what cannot be read must not have taken the call away that waits for it.
        const value = this.#value(payload);
        this.#answered(id).resolve(value);
        return;
      }
      case kinds.error: {
        const reason = this.#init.revive(this.#value(payload));
        this.#answered(id).reject(reason);
        return;
      }
      case kinds.cancel:
        this.#init.onCancel(id, this.#value(payload));
        return;
      case kinds.release:
        this.#init.onRelease(id);
        return;
      case kinds.pull:
        this.#pulled(id, payload);
        return;
      case kinds.stop:
        this.#offered(id)?.stop();
        return;
      case kinds.item:
        this.#item(id, payload);
        return;
      case kinds.end:
        this.#over(id);
        return;
      case kinds.fail:
        this.#over(id, { thrown: this.#init.revive(this.#value(payload)) });
        return;
      case kinds.note:
        this.#init.onNote(this.#value(payload));
        return;
      case kinds.ping:
        this.#write(finishFrame(beginFrame(), kinds.pong, id));
        return;
      case kinds.pong:
        this.#init.onPong();
        return;
    }
  }

  #value(payload: Buffer): Crossing {
    const reader = new ByteReader(payload);
    const value = decodeValue(reader, this.#init.decode);
    reader.end();
    return value;
  }

  #answered(id: number): Pending {
    const pending = this.#calls.get(id);
    if (pending === undefined) throw new WireFault('an answer that nobody waits for');
    this.#calls.delete(id);
    return pending;
  }

  #serve(id: number, payload: Buffer): void {
    if (this.#served.has(id)) throw new WireFault('a call that is under way already');
    if (this.#served.size >= limits.calls) throw new WireFault('too many calls at once');
    const request = this.#value(payload);
    if (!Array.isArray(request) || request.length !== 2 || typeof request[0] !== 'string') {
      throw new WireFault('a call without a method');
    }
    const [method, args] = request;
    this.#served.add(id);
    void this.#answer(id, method, args);
  }

  async #answer(id: number, method: string, args: Crossing): Promise<void> {
    let kind: number = kinds.result;
    let writer = beginFrame();
    try {
      encodeValue(writer, await this.#init.onCall(method, args), this.#init.encode);
      checkSize(writer);
    } catch (thrown) {
      if (thrown instanceof WireFault) return this.end(thrown);
      kind = kinds.error;
      writer = beginFrame();
      encodeValue(writer, this.#init.describe(thrown));
    }
    this.#served.delete(id);
    this.#write(finishFrame(writer, kind, id));
  }

  #offered(id: number): Outgoing | undefined {
    // One that is over may be pulled by a frame that was under way.
    if (id === 0 || id > this.#lastOutgoing) throw new WireFault('a stream that was never offered');
    return this.#outgoing.get(id);
  }

  #pulled(id: number, payload: Buffer): void {
    const reader = new ByteReader(payload);
    const credits = reader.u32();
    reader.end();
    if (credits === 0 || credits > 1_000) throw new WireFault(`a pull of ${credits}`);
    this.#offered(id)?.pull(credits);
  }

  #item(id: number, payload: Buffer): void {
    const incoming = this.#incoming.get(id);
    if (incoming === undefined) throw new WireFault('data of a stream that is not open');
    incoming.arrived(payload);
    if (this.#unread > limits.unread) throw new WireFault('more data than anybody takes');
  }

  #over(id: number, failure?: { readonly thrown: unknown }): void {
    const incoming = this.#incoming.get(id);
    if (incoming === undefined) throw new WireFault('the end of a stream that is not open');
    this.#incoming.delete(id);
    incoming.over(failure);
  }
}

/** What streams give, and how they end. */
const isData = (kind: number): boolean => kind === kinds.item || kind === kinds.end || kind === kinds.fail;

function checkSize({ length }: ByteWriter): void {
  if (length <= limits.controlFrame) return;
  throw new CannotCross(`a value of ${length} bytes, where ${limits.controlFrame} is the most`);
}
