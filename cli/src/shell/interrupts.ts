import { exitCodes } from '@vp/contracts';
import type { Output } from '../ui/output.ts';

export interface Interrupts {
  /** Aborts at the first Ctrl-C or SIGTERM; the second ends the process at once. */
  readonly signal: AbortSignal;
  /** What is said at the first one, instead of nothing. */
  onFirst(listener: () => void): void;
  stop(): void;
}

export function listenForInterrupts(output: Output): Interrupts {
  const controller = new AbortController();
  let listener: () => void = () => {};
  const interrupt = () => {
    if (controller.signal.aborted) {
      output.note('Stopped at once. What was committed is whole; what was not is removed by the next run.');
      process.exit(exitCodes.interrupted);
    }
    listener();
    // Without a reason of ours: what stops for a reason counts as failed, not as cancelled.
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    onFirst(next) {
      listener = next;
    },
    stop() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
