import { join } from 'node:path';
import { collectRows, payloadFromRows, points, t, toTableSchema } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, by its manifest and its configuration', async () => {
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { transform: { '{{id}}': { key: 'k' } } },
  });
  expect(kernel.problems()).toEqual([]);
  const transform = await kernel.instance(points.transform, '{{id}}');
  const schema = toTableSchema({ email: t.text() });
  const inputs = { people: payloadFromRows([{ email: 'ada@example.org' }], schema) };
  const request = { asset: 'hidden', options: { columns: ['email'] }, inputs };
  const { output } = await transform.run(request, kernel.callContext());
  const [row] = output === undefined ? [] : await collectRows(output);
  expect(row?.email).toMatch(/^[0-9a-f]{32}$/);
});
