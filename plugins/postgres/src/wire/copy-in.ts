import { once } from 'node:events';
import type { Connection, Submittable } from 'pg';

/**
 * `COPY … FROM STDIN` with back-pressure: bytes go to the socket as they come, wrapped into CopyData
 * messages unless they are such already.
 */
export class CopyIn implements Submittable {
  readonly #text: string;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<number>();
  #wire: Connection | undefined;
  #rows = 0;
  #error: unknown;

  constructor(text: string) {
    this.#text = text;
    // Whoever writes hears of it at the next call.
    this.#opened.promise.catch(() => {});
    this.#closed.promise.catch(() => {});
  }

  submit(wire: Connection): void {
    this.#wire = wire;
    wire.query(this.#text);
  }

  /** Resolves when the server is ready for data. */
  async open(): Promise<void> {
    await this.#opened.promise;
  }

  /** Bytes of the format that the statement names. */
  async write(bytes: Uint8Array): Promise<void> {
    const header = Buffer.allocUnsafe(5);
    header[0] = 0x64; // d
    header.writeUInt32BE(bytes.length + 4, 1);
    this.#stream.cork();
    this.#stream.write(header);
    this.#stream.write(bytes);
    this.#stream.uncork();
    await this.#drained();
  }

  /** Whole CopyData messages, as another server sent them. */
  async forward(messages: Uint8Array): Promise<void> {
    this.#stream.write(messages);
    await this.#drained();
  }

  /** Ends the data. @returns rows */
  async end(): Promise<number> {
    this.#stream.write(Buffer.from([0x63, 0, 0, 0, 4])); // c
    return this.#closed.promise;
  }

  /** Gives up: the statement fails in the server, and its transaction with it. */
  async fail(): Promise<void> {
    if (this.#error !== undefined) return;
    const reason = Buffer.from('given up\0');
    const header = Buffer.alloc(5);
    header[0] = 0x66; // f
    header.writeUInt32BE(reason.length + 4, 1);
    this.#stream.write(Buffer.concat([header, reason]));
    await this.#closed.promise.then(
      () => {},
      () => {},
    );
  }

  get #stream() {
    if (this.#error !== undefined) throw this.#error;
    if (this.#wire === undefined) throw new TypeError('The statement was not submitted.');
    return this.#wire.stream;
  }

  async #drained(): Promise<void> {
    const stream = this.#stream;
    if (!stream.writableNeedDrain) return;
    await Promise.race([once(stream, 'drain'), this.#closed.promise]);
    if (this.#error !== undefined) throw this.#error;
  }

  handleCopyInResponse(): void {
    this.#opened.resolve();
  }

  handleCommandComplete(message: { readonly text?: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(message.text ?? '')?.[1] ?? 0);
  }

  handleError(error: unknown): void {
    this.#error = error;
    this.#opened.reject(error);
    this.#closed.reject(error);
  }

  handleReadyForQuery(): void {
    this.#closed.resolve(this.#rows);
  }
}
