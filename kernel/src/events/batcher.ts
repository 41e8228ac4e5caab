import { describeThrown, type VpError, type VpEvent } from '@vp/contracts';
import { errors } from './errors.ts';

export interface EventBatcherInit {
  write(events: readonly VpEvent[]): Promise<void>;
  /** Told when writing fails, each time it starts to fail. The events are kept and tried again. */
  onError(error: VpError): void;
  /** Events that are worth keeping; all when left out. */
  accept?(event: VpEvent): boolean;
  /** A batch is written when it has so many events. */
  readonly maxEvents?: number;
  /** … or when its first event is so old, in milliseconds. */
  readonly maxDelayMs?: number;
  /** `ready` waits while more are pending. */
  readonly highWater?: number;
  /** When writing keeps failing, the oldest beyond so many are given up, and counted. */
  readonly maxPending?: number;
}

/** Writes events to the store in batches: a listener of the stream that never blocks it. */
export interface EventBatcher {
  push(event: VpEvent): void;
  /** Resolves when there is room: awaited between steps, so that a slow store slows the run. */
  ready(): Promise<void>;
  /** Writes all that is pending. @throws VpError `VP_EVENTS_NOT_STORED` */
  flush(): Promise<void>;
  /** The last flush; nothing is taken after it. @throws VpError `VP_EVENTS_NOT_STORED` */
  close(): Promise<void>;
}

export function createEventBatcher(init: EventBatcherInit): EventBatcher {
  const { maxEvents = 500, maxDelayMs = 100, highWater = 5_000, maxPending = 100_000 } = init;
  let pending: VpEvent[] = [];
  let lost = 0;
  let isFailing = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  /** Batches go one after the other, so that the store has events in their order. */
  const drain = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const next = writing.then(async () => {
      while (pending.length > 0) {
        const batch = pending.slice(0, maxEvents);
        await init.write(batch);
        pending = pending.slice(batch.length);
        isFailing = false;
      }
    });
    writing = next.catch(() => undefined);
    return next;
  };

  const drainQuietly = () => {
    drain().catch((cause: unknown) => {
      if (!isFailing) init.onError(notStored(cause));
      isFailing = true;
      // Try again when more comes, or later, whichever is first.
      if (!isClosed) arm(maxDelayMs * 10);
    });
  };

  const notStored = (cause: unknown) =>
    errors.VP_EVENTS_NOT_STORED({ count: pending.length + lost, problem: describeThrown(cause) }, { cause });

  const arm = (delay: number) => {
    if (timer !== undefined) return;
    timer = setTimeout(drainQuietly, delay);
    timer.unref();
  };

  const flush = async () => {
    try {
      await drain();
    } catch (cause) {
      isFailing = true;
      throw notStored(cause);
    }
    if (lost === 0) return;
    const count = lost;
    lost = 0;
    throw errors.VP_EVENTS_NOT_STORED({
      count,
      problem: 'the store failed for so long that they were given up.',
    });
  };

  return {
    push(event) {
      if (isClosed || init.accept?.(event) === false) return;
      pending.push(event);
      if (pending.length > maxPending) {
        const excess = pending.length - maxPending;
        pending = pending.slice(excess);
        lost += excess;
      }
      if (pending.length % maxEvents === 0 && !isFailing) drainQuietly();
      else arm(maxDelayMs);
    },
    async ready() {
      // A failing store is reported; waiting for it would only hang the run.
      if (pending.length > highWater && !isFailing) await writing;
    },
    flush,
    async close() {
      isClosed = true;
      await flush();
    },
  };
}
