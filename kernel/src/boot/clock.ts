import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@vp/contracts';

/** A timer set for longer fires at once. */
const longest = 2 ** 31 - 1;

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  let left = ms;
  for (; left > longest; left -= longest) await wait(longest, undefined, options);
  await wait(left > 0 ? left : 0, undefined, options);
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};
