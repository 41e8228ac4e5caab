import { join } from 'node:path';
import { points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, and its manifest has the rules that it has', async () => {
  await using kernel = await createTestKernel({ plugins: [join(import.meta.dirname, '..')] });
  expect(kernel.problems()).toEqual([]);
  const validator = await kernel.instance(points.validator, '{{id}}');
  const [plugin] = kernel.plugins();
  expect(plugin?.manifest?.vp.contributes?.validators?.[0]?.rules).toEqual(validator.rules());
});
