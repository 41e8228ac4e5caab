import { join } from 'node:path';
import { points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, by its manifest and its configuration', async () => {
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { executor: { '{{id}}': { concurrency: 2 } } },
  });
  expect(kernel.problems()).toEqual([]);
  const executor = await kernel.instance(points.executor, '{{id}}');
  expect(await executor.check?.(kernel.callContext())).toEqual({ ok: true, message: '2 steps at a time' });
});
