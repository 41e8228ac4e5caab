import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, by its manifest and its configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(folder, 'token'), 'open sesame\n');
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { auth: { '{{id}}': { folder } } },
  });
  expect(kernel.problems()).toEqual([]);
  const auth = await kernel.instance(points.auth, '{{id}}');
  expect(await auth.secret?.('secret://{{id}}/token', kernel.callContext())).toBe('open sesame');
  await rm(folder, { recursive: true });
});
