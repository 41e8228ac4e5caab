import type { Clock, Store, StoreLock } from '@vp/contracts';
import { errors } from './errors.ts';

/** Milliseconds between two attempts to take the lock. */
const pollInterval = 250;

/**
 * Takes the deployment's run lock: one run writes at a time.
 *
 * @throws VpError `VP_RUN_LOCKED`, at once or after `waitMs`
 */
export async function takeRunLock(request: {
  readonly store: Store;
  readonly clock: Clock;
  readonly purpose: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}): Promise<StoreLock> {
  const { store, clock, purpose, waitMs, signal } = request;
  const until = clock.monotonic() + waitMs;
  for (;;) {
    const lock = await store.acquireLock('run', purpose);
    if (!('heldBy' in lock)) return lock;
    const left = until - clock.monotonic();
    if (left <= 0) throw errors.VP_RUN_LOCKED({ owner: lock.heldBy });
    await clock.sleep(Math.min(pollInterval, left), signal);
  }
}
