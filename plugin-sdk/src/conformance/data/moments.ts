import type { CallContext } from '@vp/contracts';
import { type TestContext, testContext } from '../../testing/test-context.ts';

/**
 * A context that aborts at the `nth` moment of a call: each look at the signal, each line logged, each
 * progress told and each millisecond is one. Ever later moments are the points at which a call can be
 * interrupted.
 */
export function abortingAt(nth: number, reason: unknown): AbortingContext {
  const context = testContext();
  const { signal, logger } = context;
  let moments = 0;
  let isOver = false;
  const moment = () => {
    if (!isOver && ++moments === nth) context.abort(reason);
  };
  // Own properties, since native code looks into the signal itself.
  const look = signal.throwIfAborted.bind(signal);
  Object.defineProperty(signal, 'throwIfAborted', {
    value: () => {
      moment();
      look();
    },
  });
  const told = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string) => {
    moment();
    logger[level](message);
  };
  const counted: CallContext = {
    signal,
    progress: (progress) => {
      moment();
      context.progress(progress);
    },
    logger: {
      ...logger,
      debug: told('debug'),
      info: told('info'),
      warn: told('warn'),
      error: told('error'),
    },
  };
  const clock = setInterval(moment, 1);
  return {
    context: { ...context, ...counted },
    moment,
    end: () => {
      isOver = true;
      clearInterval(clock);
      return moments;
    },
  };
}

/** A context with the moments that go through it. */
export interface AbortingContext {
  readonly context: TestContext;
  /** Counts one more: a batch that is pulled. */
  moment(): void;
  /** Stops counting, and says how many there were. */
  end(): number;
}

/** The moments that are tried until the call is over before its moment: each of the first, then ever fewer. */
export const momentsTried: readonly number[] = [
  ...Array.from({ length: 24 }, (_, i) => i + 1),
  ...Array.from({ length: 20 }, (_, i) => Math.round(26 * 1.15 ** i)),
];
