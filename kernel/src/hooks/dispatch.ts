import type { VpError } from '@vp/contracts';
import { fromThrown } from '../support/thrown.ts';
import { errors } from './errors.ts';
import type { Watchdog, Watched } from './watchdog.ts';

/** A tap as the bus keeps it, its types erased. */
export interface AnyTap {
  readonly plugin: string;
  readonly timeoutMs: number;
  readonly run: (arg: unknown, context: { readonly signal: AbortSignal }) => unknown;
}

/** tapable's callbacks, whatever result they take: the type of a method is bivariant in its parameters. */
export type Callback = { done(error?: Error | null | false, result?: unknown): void }['done'];

/** How long a tap may go on after the caller has aborted. */
const abortGraceMs = 1_000;

/** How often a tap is looked at within its time; it may take longer by one look. */
const looks = 8;

/**
 * One call of a hook. Built to cost next to nothing when all is well: no promise or timer for a tap
 * that answers at once, one timer for all calls otherwise, an AbortController only when a tap
 * looks at its signal.
 */
export class Dispatch implements Watched {
  readonly #hook: string;
  readonly #collect: boolean;
  readonly #watchdog: Watchdog;
  readonly #outer: AbortSignal | undefined;
  readonly #settle: (error: unknown, result: unknown) => void;
  readonly #running: RunningTap[] = [];
  readonly #failures: VpError[] = [];
  #everyMs = Number.POSITIVE_INFINITY;
  #abortedAt: number | undefined;
  #over = false;

  constructor(init: {
    readonly hook: string;
    /** Parallel hooks go on after an error and report all of them. */
    readonly collect: boolean;
    readonly signal: AbortSignal | undefined;
    readonly watchdog: Watchdog;
    readonly settle: (error: unknown, result: unknown) => void;
  }) {
    this.#hook = init.hook;
    this.#collect = init.collect;
    this.#outer = init.signal;
    this.#watchdog = init.watchdog;
    this.#settle = init.settle;
    this.#outer?.addEventListener('abort', this.#onAbort);
  }

  /** Runs one tap; tapable goes on when `done` is called. */
  run(tap: AnyTap, arg: unknown, done: Callback): void {
    if (this.#over) return;
    if (this.#outer?.aborted === true) {
      done(this.#outer.reason);
      return;
    }
    const running = new RunningTap(tap, this.#outer, done);
    let value: unknown;
    try {
      value = tap.run(arg, running);
    } catch (error) {
      this.#fail(running, error);
      return;
    }
    if (!isThenable(value)) {
      done(null, value);
      return;
    }
    this.#running.push(running);
    const everyMs = tap.timeoutMs / looks;
    if (everyMs < this.#everyMs) {
      this.#everyMs = everyMs;
      this.#watchdog.watch(this, everyMs);
    }
    value.then(
      (result) => {
        if (this.#leave(running)) done(null, result);
      },
      (error: unknown) => {
        if (this.#leave(running)) this.#fail(running, error);
      },
    );
  }

  /** Ends the call. */
  finish(error: unknown, result: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#watchdog.forget(this);
    this.#outer?.removeEventListener('abort', this.#onAbort);
    this.#settle(error ?? this.#allFailures(), result);
  }

  readonly #onAbort = (): void => {
    this.#abortedAt = performance.now();
    this.#watchdog.watch(this, abortGraceMs / looks);
  };

  /** Gives up what is late. Nothing is measured for a tap that ends between two looks. */
  look(): void {
    const now = performance.now();
    for (const running of [...this.#running]) {
      if (running.hasLeft) continue;
      running.seenAt ??= now;
      const isLate =
        now - running.seenAt >= running.tap.timeoutMs ||
        (this.#abortedAt !== undefined && now - this.#abortedAt >= abortGraceMs);
      if (isLate && this.#leave(running)) this.#giveUp(running);
    }
  }

  #giveUp(running: RunningTap): void {
    const { plugin, timeoutMs } = running.tap;
    const error =
      this.#abortedAt === undefined
        ? errors.VP_HOOK_TAP_TIMEOUT(
            { hook: this.#hook, plugin, ms: timeoutMs },
            { plugin, phase: this.#phase },
          )
        : this.#outer?.reason;
    running.abort(error);
    this.#fail(running, error);
  }

  #leave(running: RunningTap): boolean {
    if (running.hasLeft || this.#over) return false;
    running.hasLeft = true;
    return true;
  }

  get #phase(): string {
    return `hook ${this.#hook}`;
  }

  #fail(running: RunningTap, thrown: unknown): void {
    const { plugin } = running.tap;
    if (this.#outer?.aborted === true) {
      running.done(this.#outer.reason);
      return;
    }
    const error = fromThrown(thrown, { plugin, phase: this.#phase }, (reason, context) =>
      errors.VP_HOOK_TAP_FAILED({ hook: this.#hook, plugin, reason }, context),
    );
    if (!this.#collect) {
      running.done(error);
      return;
    }
    this.#failures.push(error);
    running.done(null);
  }

  #allFailures(): VpError | undefined {
    if (this.#failures.length < 2) return this.#failures[0];
    return errors.VP_HOOK_TAPS_FAILED(
      { hook: this.#hook, reasons: this.#failures.map((e) => `${e.plugin}: ${e.message}`) },
      { phase: this.#phase, cause: new AggregateError(this.#failures, 'All taps that failed.') },
    );
  }
}

/** A tap under way, and the context that it gets. */
class RunningTap {
  readonly tap: AnyTap;
  readonly done: Callback;
  seenAt: number | undefined = undefined;
  hasLeft = false;
  readonly #outer: AbortSignal | undefined;
  #own: AbortController | undefined;
  #signal: AbortSignal | undefined;

  constructor(tap: AnyTap, outer: AbortSignal | undefined, done: Callback) {
    this.tap = tap;
    this.done = done;
    this.#outer = outer;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#own = new AbortController();
      this.#signal =
        this.#outer === undefined ? this.#own.signal : AbortSignal.any([this.#own.signal, this.#outer]);
    }
    return this.#signal;
  }

  abort(reason: unknown): void {
    this.#own?.abort(reason);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
