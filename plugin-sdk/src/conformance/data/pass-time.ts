import type { FakeClock } from '../../testing/fake-clock.ts';

/**
 * Waits for `work` while the clock's time passes: whenever somebody sleeps, the clock moves to where
 * the next one wakes. Without a clock, time passes by itself.
 */
export async function passTime<T>(clock: FakeClock | undefined, work: Promise<T>): Promise<T> {
  if (clock === undefined) return work;
  let done = false;
  const end = () => {
    done = true;
  };
  work.then(end, end);
  while (!done) {
    // Real work (sockets, files) has a chance to end before anybody is woken.
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (!done && clock.nextWake !== undefined) await clock.advance(clock.nextWake);
  }
  return work;
}
