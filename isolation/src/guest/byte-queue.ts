/** Bytes that one side pushes and the other pulls, one piece at a time. */
export class ByteQueue implements AsyncIterableIterator<Uint8Array> {
  #next: { readonly bytes: Uint8Array; taken(): void } | undefined;
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  /** Calls `taken` when the piece is pulled and more may be pushed. */
  push(bytes: Uint8Array, taken: () => void): void {
    this.#next = { bytes, taken };
    this.#wake?.();
  }

  end(error?: Error): void {
    this.#isEnded = true;
    this.#error ??= error;
    this.#wake?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#next === undefined) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#isEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const { bytes, taken } = this.#next;
    this.#next = undefined;
    taken();
    return { done: false, value: bytes };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.end();
    return { done: true, value: undefined };
  }
}
