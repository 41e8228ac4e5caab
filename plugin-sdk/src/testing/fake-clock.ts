import type { Clock } from '@vp/contracts';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /**
   * Moves the time by `ms`. Sleepers wake in order, each at its own moment, and what they do next
   * happens before the next one wakes: a retry loop of an hour runs in a blink.
   */
  advance(ms: number): Promise<void>;
  /** Milliseconds until the next sleeper wakes, `undefined` when nobody sleeps. */
  readonly nextWake: number | undefined;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A {@link FakeClock}, for the service `vp.clock` in tests.
 *
 * @example
 * ```ts
 * import { fakeClock } from '@vp/plugin-sdk/testing';
 * const clock = fakeClock();
 * const slept = clock.sleep(60_000);
 * await clock.advance(60_000);
 * await slept;
 * ```
 */
export function fakeClock(init: { readonly now?: number } = {}): FakeClock {
  const start = init.now ?? Date.UTC(2026, 0, 1);
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  const next = () => [...sleepers].sort((a, b) => a.at - b.at)[0];

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const end = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: elapsed + Math.max(0, ms),
        wake: () => {
          end();
          resolve();
        },
      };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
      return promise;
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (let sleeper = next(); sleeper !== undefined && sleeper.at <= end; sleeper = next()) {
        elapsed = Math.max(elapsed, sleeper.at);
        sleeper.wake();
        await settle();
      }
      elapsed = end;
    },
    get nextWake() {
      const sleeper = next();
      return sleeper === undefined ? undefined : sleeper.at - elapsed;
    },
  };
}

// A turn of the event loop: all promises that can settle without time passing have settled after it.
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
