import { expect, test } from 'vitest';
import { createTestProject, pipelineOf, sourceAsset } from '../../test/support/project.ts';

test('a source of many partitions is asked once what it gives', async () => {
  const project = createTestProject({ tables: { 'orders-v0': [{ id: 1n }] } });
  let asked = 0;
  const discover = project.source.discover.bind(project.source);
  project.source.discover = async (request, context) => {
    asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return discover(request, context);
  };
  const values = Array.from({ length: 12 }, (_, i) => `v${i}`);
  const asset = sourceAsset('orders', 'orders-{p}', {
    partitions: { dimensions: [{ kind: 'static', name: 'p', values }] },
  });
  const { steps } = await project.plan(pipelineOf([asset]));
  expect(new Set(steps.map(({ path }) => path))).toEqual(
    new Set(['memory rows -> sqlite (through JavaScript)']),
  );
  expect(asked).toBe(1);
});
