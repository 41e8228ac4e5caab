import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, by its manifest', async () => {
  await using kernel = await createTestKernel({ plugins: [join(import.meta.dirname, '..')] });
  expect(kernel.problems()).toEqual([]);
  mkdirSync(join(kernel.projectDir, '.vp/data/orders'), { recursive: true });
  writeFileSync(join(kernel.projectDir, '.vp/data/orders/a'), 'x'.repeat(100));
  writeFileSync(join(kernel.projectDir, '.vp/data/small'), 'x');

  const command = await kernel.instance(points.command, '{{id}}');
  const lines: string[] = [];
  const call = (folder: string) =>
    command.run(
      { args: { folder }, flags: { top: 1 }, json: false, print: (line) => lines.push(line) },
      kernel.callContext(),
    );
  expect(await call('data')).toEqual({ entries: [{ path: '.vp/data/orders', bytes: 100 }] });
  expect(lines).toEqual(['           100  .vp/data/orders']);
  await expect(call('dta')).rejects.toMatchObject({ code: 'VP_{{code}}_FOLDER', hint: 'Did you mean "data"?' });
});
