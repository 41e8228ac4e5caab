import { write } from 'node:fs';

/**
 * The pipe for data, written by a thread of Node's pool while the plugin computes what comes next: a
 * socket would take no more than its buffer between two turns of the event loop. What waits is
 * bounded by what the host asked for.
 */
export class DataPipe {
  readonly #fd: number;
  readonly #onError: (error: Error) => void;
  readonly #queue: Uint8Array[] = [];
  #isWriting = false;

  constructor(fd: number, onError: (error: Error) => void) {
    this.#fd = fd;
    this.#onError = onError;
  }

  write(frame: Uint8Array): void {
    this.#queue.push(frame);
    if (!this.#isWriting) this.#next();
  }

  #next(): void {
    const frame = this.#queue.shift();
    this.#isWriting = frame !== undefined;
    if (frame !== undefined) this.#put(frame, 0);
  }

  #put(frame: Uint8Array, from: number): void {
    write(this.#fd, frame, from, frame.length - from, null, (error, written) => {
      if (error !== null) {
        this.#onError(error);
        return;
      }
      if (from + written < frame.length) this.#put(frame, from + written);
      else this.#next();
    });
  }
}
