/** A step that could start, and which attempt that would be. */
export interface ReadyStep {
  readonly index: number;
  readonly attempt: number;
}

/** Binary heap: the greatest height first, then the order of the plan. */
export class ReadyQueue {
  readonly #items: ReadyStep[] = [];
  readonly #height: readonly number[];

  constructor(height: readonly number[]) {
    this.#height = height;
  }

  get first(): ReadyStep | undefined {
    return this.#items[0];
  }

  push(step: ReadyStep): void {
    let at = this.#items.push(step) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapWhenBefore(at, parent)) return;
      at = parent;
    }
  }

  pop(): ReadyStep | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return first;
    this.#items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = this.isBefore(this.#items[right], this.#items[left]) ? right : left;
      if (!this.#swapWhenBefore(child, at)) return first;
      at = child;
    }
  }

  isBefore(a: ReadyStep | undefined, b: ReadyStep | undefined): boolean {
    if (a === undefined || b === undefined) return a !== undefined;
    const byHeight = (this.#height[a.index] ?? 0) - (this.#height[b.index] ?? 0);
    return byHeight === 0 ? a.index < b.index : byHeight > 0;
  }

  #swapWhenBefore(at: number, other: number): boolean {
    const a = this.#items[at];
    const b = this.#items[other];
    if (a === undefined || b === undefined || !this.isBefore(a, b)) return false;
    this.#items[at] = b;
    this.#items[other] = a;
    return true;
  }
}
