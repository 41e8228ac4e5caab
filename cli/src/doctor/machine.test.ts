import { expect, test } from 'vitest';
import { checkClock, checkNode } from './machine.ts';

test.each([
  ['24.14.9', 'error'],
  ['24.15.0', 'ok'],
  ['26.0.0', 'ok'],
])('Node %s is %s', (version, status) => {
  expect(checkNode(version).status).toBe(status);
});

test('a clock before this program was written, or off from the file system, is found', () => {
  const now = Date.UTC(2026, 10, 24);
  expect(checkClock(0, 0)).toMatchObject({ status: 'error', fix: expect.stringContaining('Set the clock') });
  expect(checkClock(now, now - 60_000)).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('1 min 00 s'),
  });
  expect(checkClock(now, now)).toMatchObject({ status: 'ok' });
});
