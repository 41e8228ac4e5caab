import { expect, test, vi } from 'vitest';
import { findChromium } from './chromium.ts';

test('a browser that VP_CHROMIUM names is taken, and one that is not there is told', async () => {
  vi.stubEnv('VP_CHROMIUM', process.execPath);
  expect(await findChromium()).toEqual({ path: process.execPath });
  vi.stubEnv('VP_CHROMIUM', '/nowhere/chromium');
  expect(await findChromium()).toEqual({ problem: expect.stringContaining('/nowhere/chromium') });
});

test('a machine where none can be had says why', async () => {
  vi.stubEnv('VP_CHROMIUM', undefined);
  vi.stubEnv('PATH', '/nowhere');
  expect(await findChromium()).toEqual({
    problem: expect.stringMatching(/^Chromium is not installed, and /),
  });
});
