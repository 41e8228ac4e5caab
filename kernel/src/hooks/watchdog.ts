/** Something that can be late. */
export interface Watched {
  /** Called every so often while it is watched. */
  look(): void;
}

/**
 * One timer for all calls of hooks that are under way: a timer for each would cost as much as the
 * call itself. It keeps the process alive only while something is watched.
 */
export class Watchdog {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #everyMs = Number.POSITIVE_INFINITY;

  /** Looks at `watched` at least every `everyMs`. May be called again to look more often. */
  watch(watched: Watched, everyMs: number): void {
    if (this.#watched.size === 0) this.#timer?.ref();
    this.#watched.add(watched);
    if (everyMs >= this.#everyMs) return;
    clearInterval(this.#timer);
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  forget(watched: Watched): void {
    if (this.#watched.delete(watched) && this.#watched.size === 0) this.#timer?.unref();
  }

  #look(): void {
    for (const watched of [...this.#watched]) watched.look();
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#everyMs = Number.POSITIVE_INFINITY;
  }
}
