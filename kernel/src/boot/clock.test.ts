import { expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

test('a sleep longer than a timer can hold does not end at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    const stop = new AbortController();
    let isOver = false;
    const sleeping = systemClock.sleep(2 ** 31 + 5_000, stop.signal).finally(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, warned.mock.calls.length]).toEqual([false, 0]);
    stop.abort();
    await expect(sleeping).rejects.toThrow();
  } finally {
    warned.mockRestore();
    vi.useRealTimers();
  }
});

test('a sleep of no sensible length ends at once', async () => {
  await systemClock.sleep(Number.NaN);
  await systemClock.sleep(-5);
});
