import { join } from 'node:path';
import { payloadFromRows, points, t, toTableSchema } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';

test('the built plugin runs in a real kernel, by its manifest and a connection of vp.toml', async () => {
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { connections: { lake: { use: '{{id}}', folder: 'lake' } } },
  });
  expect(kernel.problems()).toEqual([]);
  const sink = await kernel.instance(points.sink, '{{id}}', 'lake');
  const options = { table: 'orders' };
  const schema = toTableSchema({ id: t.int64() });
  const context = kernel.callContext();
  const writer = await sink.open({ options, schema, mode: 'replace', format: 'rows', token: 'r/s/1' }, context);
  await writer.write(payloadFromRows([{ id: 1n }, { id: 2n }], schema), context);
  const meta = { runId: 'r', stepId: 's', token: 'r/s/1', fingerprint: 'f', inputs: {} };
  expect((await writer.commit(meta, context)).stats).toEqual({ rows: 2 });
  await writer.close();
  expect(await sink.inspect({ options }, context)).toMatchObject({ exists: true, committed: meta });
});
