import type { CheckResult, Validator } from '@vp/contracts';
import { expect, test } from 'vitest';
import { rowRules } from '../../test/support/memory-movers.ts';
import { createTestProject, pipelineOf, positive, sourceAsset } from '../../test/support/project.ts';

test('a validator that gives more sample than was asked for does not fill events and store', async () => {
  const chatty: Validator = {
    rules: () => [],
    async validate({ checks }) {
      return checks.map(
        ({ name, rule, columns, severity }): CheckResult => ({
          check: name,
          rule,
          columns,
          severity,
          status: 'failed',
          rows: 9,
          failures: 9,
          sample: Array.from({ length: 1_000 }, (_, id) => ({ id })),
          message: 'no',
        }),
      );
    },
  };
  const project = createTestProject({
    tables: { orders: [{ id: 1n }] },
    contributions: [{ point: 'validator', id: 'rows', instance: chatty, manifest: { rules: rowRules } }],
    runner: { sampleSize: 3 },
  });
  const asset = sourceAsset('orders', 'orders', { checks: [positive('id', { severity: 'warn' })] });
  const { results } = await project.run(pipelineOf([asset]));
  expect(results[0]?.checks?.[0]?.sample).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
});

test('a read that never closes does not hold up the run for ever', async () => {
  const project = createTestProject({
    tables: { orders: [{ id: 1n }] },
    runner: { closeLimitMs: 20 },
  });
  const read = project.source.read.bind(project.source);
  project.source.read = async (request, context) => ({
    ...(await read(request, context)),
    close: () => new Promise(() => undefined),
  });
  const { run } = await project.run(pipelineOf([sourceAsset('orders')]));
  expect(run.status).toBe('succeeded');
  expect(project.logs.join('\n')).toContain('Closing the read of memory of orders failed');
});
