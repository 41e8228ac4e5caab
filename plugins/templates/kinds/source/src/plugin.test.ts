import { join } from 'node:path';
import { collectRows, points } from '@vp/plugin-sdk';
import { createTestKernel } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';
import { demoRecords, startDemoApi } from './demo-api.ts';

test('the built plugin runs in a real kernel, by its manifest and a connection of vp.toml', async () => {
  await using api = await startDemoApi({ token: 'demo', collections: { demo: demoRecords() } });
  const connection = { use: '{{id}}', host: '127.0.0.1', port: api.port, https: false, token: 'demo' };
  await using kernel = await createTestKernel({
    plugins: [join(import.meta.dirname, '..')],
    config: { connections: { main: connection } },
  });
  expect(kernel.problems()).toEqual([]);
  const source = await kernel.instance(points.source, '{{id}}', 'main');
  const read = await source.read({ options: { collection: 'demo' }, format: 'rows' }, kernel.callContext());
  const [part] = read.parts;
  const rows = part === undefined ? [] : await collectRows(part);
  expect(rows.map(({ label }) => label)).toEqual(['first', '', null, 'an id above 2^53']);
  expect(await read.state()).toEqual({ after: '9007199254740993' });
  await read.close();
});
