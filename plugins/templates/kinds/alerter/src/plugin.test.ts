import { join } from 'node:path';
import { type Alert, points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';
import { startDemoChat } from './demo-chat.ts';

const alert: Alert = {
  key: 'step:orders',
  state: 'firing',
  severity: 'error',
  title: 'orders failed',
  text: 'The database did not answer.',
  at: 0,
  since: 0,
  count: 1,
  project: 'shop',
};

test('the built plugin runs in a real kernel, by its manifest and its configuration', async () => {
  await using chat = await startDemoChat();
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { alerter: { '{{id}}': { url: chat.url } } },
  });
  expect(kernel.problems()).toEqual([]);
  const alerter = await kernel.instance(points.alerter, '{{id}}');
  await alerter.send([alert], kernel.callContext());
  expect(chat.taken.map((body) => JSON.parse(body).text)).toEqual([
    'ERROR orders failed (shop)\nThe database did not answer.',
  ]);
});
