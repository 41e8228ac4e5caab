import { expect, test } from 'vitest';
import { fakeClock } from './fake-clock.ts';

test('sleepers wake in order, each at its own moment, and may sleep again on the way', async () => {
  const clock = fakeClock({ now: 0 });
  const log: string[] = [];
  const loop = async (name: string, ms: number) => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(ms);
      log.push(`${name} ${clock.now()}`);
    }
  };
  const loops = Promise.all([loop('a', 10), loop('b', 25)]);
  await clock.advance(50);
  expect(log).toEqual(['a 10', 'a 20', 'b 25', 'a 30', 'b 50']);
  expect(clock.nextWake).toBe(25);
  await clock.advance(25);
  await loops;
  expect([clock.now(), clock.monotonic(), clock.nextWake]).toEqual([75, 75, undefined]);
});

test('an abort ends a sleep with its reason, before or while it lasts', async () => {
  const clock = fakeClock();
  const controller = new AbortController();
  const slept = clock.sleep(1000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(slept).rejects.toThrow('enough');
  await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  expect(clock.nextWake).toBeUndefined();
});
