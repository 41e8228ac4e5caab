import type { VpError, VpEvent } from '@vp/contracts';
import { expect, test, vi } from 'vitest';
import { createEventBatcher, type EventBatcherInit } from './batcher.ts';

const event = (seq: number): VpEvent => ({ type: 'log', level: 'info', message: 'x', seq, at: 0 });

function open(init: Partial<EventBatcherInit> = {}) {
  const batches: number[][] = [];
  const errors: VpError[] = [];
  const batcher = createEventBatcher({
    write: async (events) => {
      batches.push(events.map((each) => each.seq));
    },
    onError: (error) => errors.push(error),
    maxEvents: 3,
    maxDelayMs: 5,
    ...init,
  });
  const push = (...seqs: number[]) => {
    for (const seq of seqs) batcher.push(event(seq));
  };
  return { batcher, batches, errors, push };
}

test('events are written in order, by size, by time and at the end', async () => {
  const { batcher, batches, push } = open();
  push(1, 2, 3, 4);
  await vi.waitFor(() => expect(batches.flat()).toEqual([1, 2, 3, 4]));
  push(5);
  await vi.waitFor(() => expect(batches.flat()).toHaveLength(5));
  push(6);
  await batcher.close();
  push(7);
  await batcher.close();
  expect(batches.flat()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(3);
});

test('a slow store holds the run back', async () => {
  let finish = () => {};
  const { batcher, push } = open({
    highWater: 2,
    write: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  push(1, 2, 3);
  let isReady = false;
  const ready = batcher.ready().then(() => {
    isReady = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isReady).toBe(false);
  finish();
  await ready;
  expect(isReady).toBe(true);
});

test('what could not be written is kept, reported once, and written later', async () => {
  const batches: number[][] = [];
  let isDown = true;
  const { batcher, errors, push } = open({
    write: async (events) => {
      if (isDown) throw new Error('database is locked');
      batches.push(events.map((each) => each.seq));
    },
  });
  push(1, 2, 3, 4, 5, 6);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  expect(errors[0]).toMatchObject({
    code: 'VP_EVENTS_NOT_STORED',
    message: expect.stringContaining('database is locked'),
  });
  await batcher.ready();
  isDown = false;
  await batcher.close();
  expect(batches.flat()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a store that stays down makes the end fail, with the count, and memory has a bound', async () => {
  const { batcher, push } = open({
    maxPending: 4,
    write: async () => {
      throw new Error('disk full');
    },
  });
  push(1, 2, 3, 4, 5, 6);
  await expect(batcher.close()).rejects.toMatchObject({ message: '6 events could not be stored: disk full' });
});
