import type { Executor, JsonObject } from '@vp/contracts';
import type { FakeClock } from '../../testing/fake-clock.ts';
import type { Disposable } from '../law.ts';

/** An executor under test, with its own defaults: at least two steps at a time, no time-out. */
export interface ExecutorSubject extends Disposable {
  open(): Executor | Promise<Executor>;
  /** The clock that it waits by, so that retries take no time. */
  readonly clock?: FakeClock;
  /** The settings of a run (`ExecuteRequest.options`) that allow `steps` at a time. */
  withConcurrency?(steps: number): JsonObject;
}
